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

    /** Numbers that the sum of a column is kept in by {@link #shares}. */
    int PARTS = 16;

    /** Most keys of a call of {@link #diagonals}. */
    int DIAGONAL_KEYS = 128;

    /** Numbers that {@link #diagonals} may touch before and after {@code at}. */
    int DIAGONAL_ROOM = 256;

    /** Scratch memory of {@link #diagonals}. */
    int DIAGONAL_SCRATCH = 4096;

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

    /**
     * Sums of squares and largest values of rows, and sums of columns, in one pass.
     *
     * @param p probabilities, [keys, LANES] from {@code offset}
     * @param largest in and out: largest p, [LANES]
     * @param squares in and out: sum of p x p, [LANES]
     * @param columns in and out: the {@link #PARTS} numbers from {@code at + key * PARTS} on add up
     *     to the sum over the rows of a key
     */
    default void shares(
            float[] p,
            int offset,
            int keys,
            float[] largest,
            float[] squares,
            float[] columns,
            int at) {
        for (int key = 0; key < keys; key++) {
            for (int lane = 0; lane < LANES; lane++) {
                float value = p[offset + key * LANES + lane];
                largest[lane] = value > largest[lane] ? value : largest[lane];
                squares[lane] += value * value;
                columns[at + key * PARTS + lane % PARTS] += value;
            }
        }
    }

    /**
     * Sums along diagonals: adds cell (key, lane) to {@code target[at + lane - key]}.
     *
     * @param p probabilities, [keys, LANES] from {@code offset}; at most {@link #DIAGONAL_KEYS}
     *     keys
     * @param at where the cell of the first key and the first lane goes; the target has {@link
     *     #DIAGONAL_ROOM} numbers before and after it, to which nothing or 0 is added where no cell
     *     belongs
     * @param scratch at least {@link #DIAGONAL_SCRATCH} numbers, overwritten
     */
    default void diagonals(
            float[] p, int offset, int keys, float[] target, int at, float[] scratch) {
        for (int key = 0; key < keys; key++) {
            for (int lane = 0; lane < LANES; lane++) {
                target[at + lane - key] += p[offset + key * LANES + lane];
            }
        }
    }

    /**
     * Sums over keys with the row's own token, and over keys right after one.
     *
     * @param p probabilities, [keys, LANES] from {@code offset}
     * @param queries token of each row, [LANES]; NaN matches nothing
     * @param tokens the key's token at {@code at + key}, the one before it at {@code at + key - 1}
     * @param sums in and out: sums over keys with the same token, [LANES], then over those right
     *     after one, [LANES]
     */
    default void matches(
            float[] p,
            int offset,
            int keys,
            float[] queries,
            float[] tokens,
            int at,
            float[] sums) {
        for (int key = 0; key < keys; key++) {
            float own = tokens[at + key];
            float before = tokens[at + key - 1];
            for (int lane = 0; lane < LANES; lane++) {
                float value = p[offset + key * LANES + lane];
                sums[lane] += own == queries[lane] ? value : 0;
                sums[LANES + lane] += before == queries[lane] ? value : 0;
            }
        }
    }

    /**
     * Adds the cells of one key, each with a weight of its lane.
     *
     * @param p probabilities, [LANES] from {@code offset}
     * @param weights [LANES] from {@code at}
     * @param sums in and out: sum of p x weight, [LANES]
     */
    default void weigh(float[] p, int offset, float[] weights, int at, float[] sums) {
        for (int lane = 0; lane < LANES; lane++) {
            sums[lane] += p[offset + lane] * weights[at + lane];
        }
    }

    /**
     * Adds up the rows of each key, each with a weight.
     *
     * @param p probabilities, [keys, LANES] from {@code offset}
     * @param weights of the lanes, [LANES]
     * @param target in and out: sum over lanes of p x weight, [keys]
     */
    default void columns(float[] p, int offset, int keys, float[] weights, float[] target) {
        for (int key = 0; key < keys; key++) {
            float sum = 0;
            for (int lane = 0; lane < LANES; lane++) {
                sum += p[offset + key * LANES + lane] * weights[lane];
            }
            target[key] += sum;
        }
    }

    /**
     * Adds up rows.
     *
     * @param p probabilities, [keys, LANES] from {@code offset}
     * @param sums in and out: sum of p, [LANES]
     */
    default void addUp(float[] p, int offset, int keys, float[] sums) {
        for (int key = 0; key < keys; key++) {
            for (int lane = 0; lane < LANES; lane++) {
                sums[lane] += p[offset + key * LANES + lane];
            }
        }
    }

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
