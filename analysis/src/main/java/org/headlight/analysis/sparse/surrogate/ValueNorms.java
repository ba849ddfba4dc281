package org.headlight.analysis.sparse.surrogate;

import org.headlight.engine.attend.HeadArray;

/** How long values are: a score of keys that no query enters into. */
final class ValueNorms {
    private ValueNorms() {}

    /** Lengths of the first values of a key head. */
    static double[] of(HeadArray v, int keyHead, int count) {
        double[] norms = new double[count];
        for (int row = 0; row < count; row++) {
            int at = v.at(keyHead, row);
            double sum = 0;
            for (int d = 0; d < v.width(); d++) {
                double value = v.values()[at + d];
                sum += value * value;
            }
            norms[row] = Math.sqrt(sum);
        }
        return norms;
    }
}
