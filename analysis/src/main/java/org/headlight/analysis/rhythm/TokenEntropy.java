package org.headlight.analysis.rhythm;

import org.headlight.engine.matrix.Matrix;

/** How unsure a model was of each token. */
public final class TokenEntropy {
    private TokenEntropy() {}

    /**
     * The entropy of the distribution that each token was drawn from, in nats.
     *
     * @param logits [N, V]; row t scores token t + 1
     * @return [N]; NaN for the first token, which was not drawn
     */
    public static double[] of(Matrix logits) {
        int rows = logits.rows();
        double[] entropy = new double[rows];
        float[] row = new float[logits.cols()];
        for (int t = 0; t < rows; t++) {
            if (t == 0) {
                entropy[t] = Double.NaN;
            } else {
                logits.copyRows(t - 1, t, row, 0);
                entropy[t] = of(row);
            }
        }
        return entropy;
    }

    /** Of one row: ln Z - sum p x, with the largest logit taken off first. */
    private static double of(float[] logits) {
        float max = Float.NEGATIVE_INFINITY;
        for (float x : logits) {
            max = Math.max(max, x);
        }
        double sum = 0;
        double weighted = 0;
        for (float x : logits) {
            double shifted = (double) x - max;
            double e = Math.exp(shifted);
            sum += e;
            weighted += e == 0 ? 0 : e * shifted;
        }
        return Math.log(sum) - weighted / sum;
    }
}
