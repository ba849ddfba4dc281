package org.headlight.analysis.rhythm;

import java.util.ArrayList;
import java.util.List;

/**
 * What counts as a peak. The paper counts peaks and does not say what one is; in its table 22 % of
 * tokens are peaks of FAI, so a peak is not one of its top 40 %.
 *
 * @param kind by which rule
 * @param level the quantile of the values that a local maximum must exceed, or the share that the
 *     top is
 */
public record PeakRule(Kind kind, double level) {

    /** By which rule. */
    public enum Kind {
        /** Larger than both neighbours and above a quantile of all values. */
        LOCAL_MAXIMA,
        /** Among the largest values. */
        TOP
    }

    /** Checks the level. */
    public PeakRule {
        if (kind == Kind.TOP) {
            RhythmSettings.share("The share of peaks", level);
        } else {
            RhythmSettings.quantile("The quantile that a peak exceeds", level);
        }
    }

    /** Strict local maxima above the median: our choice. */
    public static PeakRule defaults() {
        return new PeakRule(Kind.LOCAL_MAXIMA, 0.5);
    }

    /**
     * Finds the peaks.
     *
     * @param values NaN where there is none; a value beside a missing one, and the first and the
     *     last, are no local maxima
     * @return indices, ascending
     */
    public List<Integer> find(double[] values) {
        if (kind == Kind.TOP) {
            return TopShare.indices(values, level);
        }
        double floor = Quantile.of(values, level);
        List<Integer> peaks = new ArrayList<>();
        for (int i = 1; i + 1 < values.length; i++) {
            if (values[i] > values[i - 1] && values[i] > values[i + 1] && values[i] > floor) {
                peaks.add(i);
            }
        }
        return List.copyOf(peaks);
    }
}
