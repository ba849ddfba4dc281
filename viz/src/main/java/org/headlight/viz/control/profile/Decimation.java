package org.headlight.viz.control.profile;

import java.util.Arrays;

/** A long profile in as many values as there are pixels. */
final class Decimation {
    private Decimation() {}

    /**
     * The largest visible value of each bin; NaN where a bin is all masked. Every value lies in at
     * least one bin, so that no peak is lost; fewer values than bins are repeated.
     */
    static float[] byMaximum(float[] values, int bins) {
        float[] thin = new float[bins];
        Arrays.fill(thin, Float.NaN);
        for (int bin = 0; bin < bins && values.length > 0; bin++) {
            int from = (int) ((long) bin * values.length / bins);
            int to = (int) Math.ceilDiv((bin + 1L) * values.length, (long) bins);
            for (int i = from; i < to; i++) {
                if (!Float.isNaN(values[i]) && !(thin[bin] >= values[i])) {
                    thin[bin] = values[i];
                }
            }
        }
        return thin;
    }
}
