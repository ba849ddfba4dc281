package org.headlight.viz.raster;

/**
 * Percentiles of a level's pixels, exactly and without sorting: positive floats are ordered as
 * their bits are, so two counts of 65,536 bins (the upper half of the bits, then the lower half
 * within one bin) find the pixel of any rank.
 */
final class Percentile {
    private Percentile() {}

    /**
     * The pixel of rank ceil(fraction x n) among the n that exist, smallest first (at least rank
     * 1); NaN when none exists.
     */
    static float of(PyramidLevel level, Pooling pooling, double fraction) {
        long[] bins = new long[1 << 16];
        long pixels = 0;
        for (int row = 0; row < level.rows; row++) {
            for (float value : level.row(row, pooling)) {
                if (!Float.isNaN(value)) {
                    bins[Float.floatToRawIntBits(value) >>> 16]++;
                    pixels++;
                }
            }
        }
        if (pixels == 0) {
            return Float.NaN;
        }
        long rank = Math.clamp((long) Math.ceil(fraction * pixels), 1, pixels);
        int upper = 0;
        while (rank > bins[upper]) {
            rank -= bins[upper++];
        }
        long[] fine = new long[1 << 16];
        for (int row = 0; row < level.rows; row++) {
            for (float value : level.row(row, pooling)) {
                int bits = Float.floatToRawIntBits(value);
                if (!Float.isNaN(value) && bits >>> 16 == upper) {
                    fine[bits & 0xFFFF]++;
                }
            }
        }
        int lower = 0;
        while (rank > fine[lower]) {
            rank -= fine[lower++];
        }
        return Float.intBitsToFloat(upper << 16 | lower);
    }
}
