package org.headlight.analysis.sparse.run;

import org.headlight.analysis.logits.NextTokens;
import org.headlight.engine.matrix.Matrix;
import org.headlight.engine.token.Token;

import java.util.List;

/**
 * What the model says in the end, sparse against dense: over the last token of the prompt and the
 * continuation, never over the tokens that were prefilled.
 *
 * @param rows rows that were compared
 * @param kl mean KL(dense || sparse) of the next token, nats
 * @param klLast the same after the prompt
 * @param top1Agreement share of rows whose most probable next token stayed
 * @param lossDense mean loss of the continuation, nats; NaN without a continuation
 * @param lossSparse the same, sparse
 */
public record EndToEnd(
        int rows,
        double kl,
        double klLast,
        double top1Agreement,
        double lossDense,
        double lossSparse) {

    /** Sparse loss over dense loss; NaN without a continuation. */
    public double lossRatio() {
        return lossSparse / lossDense;
    }

    /**
     * Compares.
     *
     * @param dense logits [N, vocabulary]
     * @param sparse logits [N, vocabulary]
     * @param prompt tokens of the prompt, P: rows from P - 1 on count
     */
    static EndToEnd of(Matrix dense, Matrix sparse, List<Token> tokens, int prompt) {
        int from = Math.max(0, prompt - 1);
        int rows = dense.rows() - from;
        float[] was = new float[dense.cols()];
        float[] now = new float[dense.cols()];
        double[] sums = new double[3];
        double first = Double.NaN;
        int same = 0;
        int foretold = 0;
        for (int row = from; row < dense.rows(); row++) {
            dense.copyRows(row, row + 1, was, 0);
            sparse.copyRows(row, row + 1, now, 0);
            double kl = NextTokens.divergence(was, now);
            first = row == from ? kl : first;
            sums[0] += kl;
            same += NextTokens.largest(was) == NextTokens.largest(now) ? 1 : 0;
            if (row + 1 < tokens.size() && tokens.get(row + 1).id() >= 0) {
                int next = tokens.get(row + 1).id();
                sums[1] += NextTokens.logSum(was) - was[next];
                sums[2] += NextTokens.logSum(now) - now[next];
                foretold++;
            }
        }
        return new EndToEnd(
                rows,
                sums[0] / rows,
                first,
                (double) same / rows,
                foretold == 0 ? Double.NaN : sums[1] / foretold,
                foretold == 0 ? Double.NaN : sums[2] / foretold);
    }
}
