package org.headlight.analysis.influence;

import org.headlight.engine.matrix.Matrix;
import org.headlight.engine.token.Token;

import java.util.List;

/** Mean cross-entropy of a text. */
final class NextTokenLoss {
    private NextTokenLoss() {}

    /**
     * The mean over tokens 1 to N - 1 of -ln p(token | tokens before it), in nats; NaN for fewer
     * than two tokens.
     *
     * @param logits [N, V]; row t scores token t + 1
     */
    static double of(Matrix logits, List<Token> tokens) {
        float[] row = new float[logits.cols()];
        double sum = 0;
        for (int t = 1; t < tokens.size(); t++) {
            logits.copyRows(t - 1, t, row, 0);
            sum += lse(row) - row[tokens.get(t).id()];
        }
        return tokens.size() < 2 ? Double.NaN : sum / (tokens.size() - 1);
    }

    private static double lse(float[] row) {
        float max = Float.NEGATIVE_INFINITY;
        for (float x : row) {
            max = Math.max(max, x);
        }
        double sum = 0;
        for (float x : row) {
            sum += Math.exp((double) x - max);
        }
        return max + Math.log(sum);
    }
}
