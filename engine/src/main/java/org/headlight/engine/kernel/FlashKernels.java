package org.headlight.engine.kernel;

import java.util.function.BooleanSupplier;

/**
 * The inner loops of whole attention (scores, softmax in pieces, weighted values) on a {@link
 * FlashTile}. Scores are in base 2: queries are packed with log2(e) multiplied in. Implementations
 * keep no state, allocate nothing and check nothing.
 */
public interface FlashKernels {

    /** Scores this far under the row's maximum count no more. */
    float FLOOR = -126f;

    /** For people: what runs, such as "vector, 512 bit" or "scalar". */
    String name();

    /**
     * Transposes and scales queries into the tile; rows that are missing become 0.
     *
     * @param q queries; row r begins at {@code offset + r * stride}
     * @param rows how many, 1 to LANES
     * @param factor what each element is multiplied by
     */
    default void pack(FlashTile tile, float[] q, int offset, int stride, int rows, float factor) {
        float[] packed = tile.packed();
        for (int c = 0; c < tile.depth(); c++) {
            int to = c * FlashTile.LANES;
            int from = offset + c;
            for (int row = 0; row < rows; row++) {
                packed[to + row] = q[from] * factor;
                from += stride;
            }
            for (int row = rows; row < FlashTile.LANES; row++) {
                packed[to + row] = 0;
            }
        }
    }

    /**
     * Scores of the tile's queries against some keys.
     *
     * @param k keys; row i begins at {@code offset + i * stride}
     * @param keys how many, 1 to KEYS
     */
    void scores(FlashTile tile, float[] k, int offset, int stride, int keys);

    /** Soft cap: each of the first {@code count} numbers x becomes {@code cap * tanh(x)}. */
    void cap(float[] s, int count, float cap);

    /**
     * Masks what lies outside each query's own first and end key.
     *
     * @param key position of the first key at hand
     * @param keys how many keys are at hand
     */
    void hide(FlashTile tile, int key, int keys);

    /**
     * Masks what single queries do not see.
     *
     * @param seen for each key at hand a set of queries: bit i for query i
     * @param at element of the first key at hand
     * @param keys how many keys are at hand
     */
    default void hide(FlashTile tile, long[] seen, int at, int keys) {
        float[] s = tile.scores();
        for (int i = 0; i < keys; i++) {
            for (int lane = 0; lane < FlashTile.LANES; lane++) {
                if ((seen[at + i] >>> lane & 1) == 0) {
                    s[i * FlashTile.LANES + lane] = Float.NEGATIVE_INFINITY;
                }
            }
        }
    }

    /**
     * Takes the keys at hand into the running softmax and turns their scores into 2^(score - max).
     */
    void soften(FlashTile tile, int keys);

    /**
     * Adds the values of the keys at hand, weighted, to the output.
     *
     * @param v values; row i begins at {@code offset + i * stride}
     */
    void weigh(FlashTile tile, float[] v, int offset, int stride, int keys);

    /**
     * Writes the output of the tile, each query multiplied by its factor in {@link
     * FlashTile#alpha()}.
     *
     * @param out row r begins at {@code offset + r * stride}
     * @param rows how many
     */
    default void unpack(FlashTile tile, float[] out, int offset, int stride, int rows) {
        float[] o = tile.output();
        float[] factor = tile.alpha();
        int width = tile.width();
        for (int row = 0; row < rows; row++) {
            float f = factor[row];
            int to = offset + row * stride;
            for (int d = 0; d < width; d++) {
                out[to + d] = o[d * FlashTile.LANES + row] * f;
            }
        }
    }

    /**
     * Scores of one query against the first {@code count} keys of its list.
     *
     * @param k keys; row i begins at {@code offset + i * stride}
     */
    void dots(FlashRow row, float[] k, int offset, int stride, int count);

    /** Turns the scores into 2^(score - max) and keeps their maximum and sum in the row. */
    void soften(FlashRow row, int count);

    /**
     * The sum of the values of the listed keys, weighted; replaces the row's output.
     *
     * @param v values; row i begins at {@code offset + i * stride}
     */
    void weigh(FlashRow row, float[] v, int offset, int stride, int count);

    /** Begins what makes the first calls fast, on a background thread, once; returns at once. */
    default void startWarmUp() {}

    /**
     * Waits until the warm-up, which is started if need be, has ended: worth it before work that
     * would take longer on kernels that are not warm.
     *
     * @param cancelled asked now and then whether to stop waiting
     */
    default void awaitWarmUp(BooleanSupplier cancelled) {}

    /** Whether they run as fast as they ever will. */
    default boolean warm() {
        return true;
    }
}
