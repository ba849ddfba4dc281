package org.headlight.analysis.sparse.select;

import org.headlight.engine.attend.HeadArray;
import org.headlight.engine.kernel.AttentionKernels;

/**
 * Scores of up to 64 rows against keys by the kernels of maps, in natural units. Masks, biases and
 * soft caps are no part of them. For one thread.
 */
public final class TilePacker {
    /** Rows of a tile. */
    public static final int LANES = AttentionKernels.LANES;

    /** Keys that are scored at a time. */
    public static final int KEYS = 256;

    private final AttentionKernels kernels;
    private final float[] packed;
    private final float[] scores = new float[KEYS * LANES];
    private final int width;

    /**
     * @param width of a row, D
     */
    public TilePacker(AttentionKernels kernels, int width) {
        this.kernels = kernels;
        this.width = width;
        this.packed = new float[width * LANES];
    }

    /** Takes rows [from, to), at most 64, as the lanes. */
    public void pack(HeadArray rows, int head, int from, int to, float scale) {
        float[] values = rows.values();
        for (int lane = 0; lane < LANES; lane++) {
            int at = from + lane < to ? rows.at(head, from + lane) : -1;
            for (int c = 0; c < width; c++) {
                packed[c * LANES + lane] = at < 0 ? 0 : values[at + c] * scale;
            }
        }
    }

    /**
     * Takes some rows, at most 64, as the lanes.
     *
     * @param which numbers of the rows, in [from, to)
     */
    public void pack(HeadArray rows, int head, int[] which, int from, int to) {
        float[] values = rows.values();
        for (int lane = 0; lane < to - from; lane++) {
            int at = rows.at(head, which[from + lane]);
            for (int c = 0; c < width; c++) {
                packed[c * LANES + lane] = values[at + c];
            }
        }
        for (int lane = to - from; lane < LANES; lane++) {
            for (int c = 0; c < width; c++) {
                packed[c * LANES + lane] = 0;
            }
        }
    }

    /**
     * The scores of keys [from, to), at most {@link #KEYS}: that of key k and lane i is at {@code
     * (k - from) * LANES + i}; overwritten by the next call.
     *
     * @param keys rows without gaps
     */
    public float[] scores(HeadArray keys, int head, int from, int to) {
        kernels.scores(packed, width, keys.values(), keys.at(head, from), to - from, scores, 0);
        return scores;
    }
}
