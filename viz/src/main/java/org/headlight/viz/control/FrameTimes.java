package org.headlight.viz.control;

import java.util.Arrays;

/**
 * Remembers how long our own work of the last frames took, for benchmarks and the status bar. Not
 * thread-safe: it belongs to the FX thread.
 */
public final class FrameTimes {
    private static final int CAPACITY = 4096;

    private final long[] nanos = new long[CAPACITY];
    private long count;

    /** Adds the work of one frame, in nanoseconds. */
    public void add(long frameNanos) {
        nanos[(int) (count++ % CAPACITY)] = frameNanos;
    }

    /** How many frames were measured since the start or the last {@link #reset()}. */
    public long count() {
        return count;
    }

    /** Forgets everything. */
    public void reset() {
        count = 0;
    }

    /** The median of the last 4,096 frames in milliseconds; 0 when there was none. */
    public double medianMillis() {
        return quantileMillis(0.5);
    }

    /** The 95th percentile of the last 4,096 frames in milliseconds; 0 when there was none. */
    public double p95Millis() {
        return quantileMillis(0.95);
    }

    /** The largest of the last 4,096 frames in milliseconds; 0 when there was none. */
    public double maxMillis() {
        return quantileMillis(1);
    }

    private double quantileMillis(double fraction) {
        int held = (int) Math.min(count, CAPACITY);
        if (held == 0) {
            return 0;
        }
        long[] sorted = Arrays.copyOf(nanos, held);
        Arrays.sort(sorted);
        int at = (int) Math.ceil(fraction * held) - 1;
        return sorted[Math.max(0, at)] / 1e6;
    }
}
