package org.headlight.analysis.rhythm;

import java.util.Arrays;

/** Quantiles of values of which some are missing. */
final class Quantile {
    private Quantile() {}

    /**
     * The q-quantile, by linear interpolation between neighbours; NaN where no value is there.
     *
     * @param values NaN where missing
     * @param q 0 to 1; 0.5 is the median
     */
    static double of(double[] values, double q) {
        double[] sorted = Arrays.stream(values).filter(v -> !Double.isNaN(v)).sorted().toArray();
        if (sorted.length == 0) {
            return Double.NaN;
        }
        double at = q * (sorted.length - 1);
        int low = (int) Math.floor(at);
        int high = Math.min(sorted.length - 1, low + 1);
        return sorted[low] + (at - low) * (sorted[high] - sorted[low]);
    }
}
