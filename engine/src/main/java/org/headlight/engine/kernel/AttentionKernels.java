package org.headlight.engine.kernel;

import java.util.function.BooleanSupplier;

/**
 * The inner loops of attention as pure functions over arrays. Lanes are queries: a tile holds
 * {@link #LANES} queries, and element (key, lane) of a tile of scores lies at {@code offset + key *
 * LANES + lane}. Scores are in base 2: queries are packed with log2(e) multiplied in, so that
 * 2^score is e^(scaled score). A masked score is negative infinity.
 *
 * <p>Implementations keep no state, allocate nothing and check nothing: callers hand over arrays
 * that are large enough. Any two implementations agree to a few units in the last place.
 */
public interface AttentionKernels {

    /** Queries in a tile. */
    int LANES = 64;

    /** log2(e): natural scores become base-2 scores. */
    float LOG2E = 1.442695f;

    /** Scores below this are so far under the row's maximum that their probability is 0. */
    float FLOOR = -126f;

    /** For people: what runs, such as "vector, 512 bit" or "scalar". */
    String name();

    /**
     * Scores of 64 queries against {@code keys} keys.
     *
     * @param queries packed queries, [depth, LANES]
     * @param depth width of a query, D
     * @param k keys, row-major, [keys, depth] from {@code kOffset}
     * @param target receives [keys, LANES] from {@code offset}
     */
    void scores(
            float[] queries,
            int depth,
            float[] k,
            int kOffset,
            int keys,
            float[] target,
            int offset);

    /**
     * Takes more keys into a running softmax of 64 rows.
     *
     * @param s scores, [keys, LANES] from {@code offset}; not changed
     * @param max largest score so far, [LANES]; starts at negative infinity
     * @param sum sum of 2^(score - max) so far, [LANES]; starts at 0
     * @param weighted sum of 2^(score - max) x (score - max) so far, [LANES]; starts at 0; gives
     *     the entropy: log2(sum) - weighted / sum bits
     */
    void accumulate(float[] s, int offset, int keys, float[] max, float[] sum, float[] weighted);

    /**
     * Turns scores into probabilities in place: 2^(score - max) x inverse; masked scores become 0.
     *
     * @param max largest score of each row, [LANES]; finite
     * @param inverse one over the sum of each row, [LANES]; 0 for a row without visible keys
     * @param least in and out: smallest positive probability of each row, [LANES]; starts at
     *     positive infinity
     */
    void normalize(float[] s, int offset, int keys, float[] max, float[] inverse, float[] least);

    /**
     * Largest value of each group of neighbouring keys.
     *
     * @param phase how many keys of the first group lie before the first key given
     * @param group keys per group
     * @param target receives [ceil((phase + keys) / group), LANES] from 0
     */
    void groupMax(float[] s, int offset, int keys, int phase, int group, float[] target);

    /** Sum of each group of neighbouring keys; arguments as in {@link #groupMax}. */
    void groupSum(float[] s, int offset, int keys, int phase, int group, float[] target);

    /** {@link #groupMax} and {@link #groupSum} in one pass over the tile. */
    void groups(float[] s, int offset, int keys, int phase, int group, float[] max, float[] sum);

    /**
     * How far rows look and how sure they are, over some keys.
     *
     * @param p probabilities, [keys, LANES] from {@code offset}
     * @param position where each query sits among the keys, [LANES]
     * @param key position of the first key
     * @param distance in and out: sum of p x |position - key|, [LANES]
     * @param largest in and out: largest p, [LANES]
     */
    void moments(
            float[] p,
            int offset,
            int keys,
            float[] position,
            int key,
            float[] distance,
            float[] largest);

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
