package org.headlight.analysis.rhythm;

import java.util.List;

/**
 * The sawtooth of WAAD: it jumps up where a chunk begins and falls while the chunk is written.
 *
 * @param chunks how many stretches from one peak to the next there are
 * @param period mean tokens from a peak to the next
 * @param fall mean tokens from a peak down to the lowest value before the next peak
 * @param rise mean tokens from there up to that peak
 */
public record Sawtooth(int chunks, double period, double fall, double rise) {

    /** Measures it between peaks; NaN without at least two of them. */
    static Sawtooth of(double[] waad, List<Integer> peaks) {
        int chunks = Math.max(0, peaks.size() - 1);
        double fall = 0;
        double period = 0;
        for (int i = 0; i < chunks; i++) {
            int lowest = peaks.get(i);
            for (int t = lowest; t < peaks.get(i + 1); t++) {
                if (waad[t] < waad[lowest]) {
                    lowest = t;
                }
            }
            fall += lowest - peaks.get(i);
            period += peaks.get(i + 1) - peaks.get(i);
        }
        double count = chunks == 0 ? Double.NaN : chunks;
        return new Sawtooth(chunks, period / count, fall / count, (period - fall) / count);
    }
}
