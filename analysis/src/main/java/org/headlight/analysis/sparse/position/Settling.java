package org.headlight.analysis.sparse.position;

import java.util.Arrays;

/** Replaces measured angles by those of the series that they follow. */
final class Settling {
    private Settling() {}

    /**
     * The angles to go on with.
     *
     * @param measured radians a position, NaN for pairs that said nothing
     * @param turned pairs up to the last one that is seen to turn
     * @param tolerance how far a measured angle may be off
     * @return as many angles, NaN where nothing is known, then the base of their series, 0 for none
     */
    static double[] of(double[] measured, int turned, double tolerance) {
        double[] result = Arrays.copyOf(measured, measured.length + 1);
        // All pairs follow the series, or only the first ones and the others are not turned.
        Series series = Series.of(measured, measured.length, tolerance);
        int count = measured.length;
        if (series == null && turned < measured.length) {
            series = Series.of(Arrays.copyOf(measured, turned), turned, tolerance);
            count = turned;
        }
        if (series == null) {
            return result;
        }
        for (int i = 0; i < measured.length; i++) {
            result[i] = i < count ? series.angle(i) : 0;
        }
        result[measured.length] = series.base();
        return result;
    }
}
