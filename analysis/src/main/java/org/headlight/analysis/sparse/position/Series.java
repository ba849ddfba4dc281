package org.headlight.analysis.sparse.position;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * The geometric series that rotary angles usually are: angle i = base^(-i / pairs) / factor.
 *
 * @param base such as 10000
 * @param factor by which positions are divided ("linear scaling"), usually 1
 * @param pairs how many pairs the exponent counts
 */
record Series(double base, double factor, int pairs) {
    private static final int DIGITS = 6;

    /** Angles base^(-i / pairs). */
    static double[] angles(int pairs, double base) {
        double[] angles = new double[pairs];
        Arrays.setAll(angles, i -> Math.pow(base, -(double) i / pairs));
        return angles;
    }

    double angle(int i) {
        return Math.pow(base, -(double) i / pairs) / factor;
    }

    /**
     * The roundest series that measured angles follow.
     *
     * @param angles measured, NaN where nothing is known
     * @param pairs how many pairs the exponent counts
     * @param tolerance how far an angle may be off
     * @return null when there is none
     */
    static @Nullable Series of(double[] angles, int pairs, double tolerance) {
        if (angles.length == 0 || !(angles[0] > 0)) {
            return null;
        }
        double factor = Math.abs(angles[0] - 1) <= tolerance ? 1 : 1 / angles[0];
        for (int digits = 1; factor != 1 && digits <= DIGITS; digits++) {
            double round = rounded(factor, digits);
            if (Math.abs(1 / round - angles[0]) <= tolerance) {
                factor = round;
                break;
            }
        }
        double top = 0;
        double bottom = 0;
        for (int i = 1; i < angles.length; i++) {
            if (angles[i] > 10 * tolerance) {
                double weight = angles[i] * angles[i];
                top -= weight * i * Math.log(angles[i] * factor);
                bottom += weight * i * i;
            }
        }
        if (bottom == 0) {
            return null;
        }
        double base = Math.exp(top / bottom * pairs);
        for (int digits = 1; digits <= DIGITS; digits++) {
            Series series = new Series(rounded(base, digits), factor, pairs);
            if (series.fits(angles, tolerance)) {
                return series;
            }
        }
        return null;
    }

    private boolean fits(double[] angles, double tolerance) {
        for (int i = 0; i < angles.length; i++) {
            if (Math.abs(angle(i) - angles[i]) > tolerance) {
                return false;
            }
        }
        return base > 1;
    }

    private static double rounded(double value, int digits) {
        double unit = Math.pow(10, Math.floor(Math.log10(value)) - digits + 1);
        return unit >= 1
                ? Math.rint(value / unit) * unit
                : Math.rint(value * Math.rint(1 / unit)) / Math.rint(1 / unit);
    }

    /** A base as people write it. */
    static String words(double base) {
        return base == Math.rint(base) && base < 1e15
                ? String.valueOf((long) base)
                : String.valueOf(base);
    }
}
