package org.headlight.analysis.logits;

import org.headlight.engine.matrix.Matrix;
import org.headlight.engine.token.Token;

import java.util.List;

/** What a model's logits say about a text: how surprised it is by each next token. */
public final class NextTokens {
    private NextTokens() {}

    /**
     * The cross-entropy of each next token, in nats.
     *
     * @param logits [N, vocabulary]
     * @return [N - 1]: element i is the loss of token i + 1, foretold by row i
     */
    public static double[] losses(Matrix logits, List<Token> tokens) {
        double[] losses = new double[Math.max(0, logits.rows() - 1)];
        float[] row = new float[logits.cols()];
        for (int i = 0; i < losses.length; i++) {
            logits.copyRows(i, i + 1, row, 0);
            losses[i] = logSum(row) - row[tokens.get(i + 1).id()];
        }
        return losses;
    }

    /** The mean of the losses from one on; NaN for none. */
    public static double mean(double[] losses, int from) {
        double sum = 0;
        for (int i = from; i < losses.length; i++) {
            sum += losses[i];
        }
        return from < losses.length ? sum / (losses.length - from) : Double.NaN;
    }

    /** The logarithm of the sum of the exponentials. */
    public static double logSum(float[] logits) {
        double max = Double.NEGATIVE_INFINITY;
        for (float logit : logits) {
            max = Math.max(max, logit);
        }
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit - max);
        }
        return max + Math.log(sum);
    }

    /** KL(was || now) of the next-token distributions of two rows of logits, in nats. */
    public static double divergence(float[] was, float[] now) {
        double sumWas = logSum(was);
        double sumNow = logSum(now);
        double kl = 0;
        for (int i = 0; i < was.length; i++) {
            double log = was[i] - sumWas;
            double p = Math.exp(log);
            kl += p == 0 ? 0 : p * (log - (now[i] - sumNow));
        }
        return Math.max(0, kl);
    }

    /** The index of the largest; of equal ones the first. */
    public static int largest(float[] values) {
        int most = 0;
        for (int i = 1; i < values.length; i++) {
            most = values[i] > values[most] ? i : most;
        }
        return most;
    }
}
