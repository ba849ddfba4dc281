package org.headlight.engine.sweep;

import org.headlight.engine.kernel.AttentionKernels;

/**
 * A block of up to {@link #LANES} neighbouring rows of a head's map, normalised. Owned by the
 * sweep: valid during the call that hands it over, and overwritten afterwards.
 *
 * <p>Layout: lanes are queries. The probability of the query in row {@code row0 + lane} for key
 * {@code key} is {@code p[(key - key0) * LANES + lane]}. Masked cells hold 0; lanes from {@code
 * count} on hold 0.
 */
public final class RowBlock {
    /** Rows per block, and the stride between keys. */
    public static final int LANES = 64;

    /** Keys that are handed over at a time while they are in the first cache. */
    public static final int CHUNK = AttentionKernels.DIAGONAL_KEYS;

    /** First row of the block. */
    public int row0;

    /** Rows in the block, 1 to {@link #LANES}. */
    public int count;

    /** First key that any row of the block sees. */
    public int key0;

    /** One after the last key that any row of the block sees. */
    public int key1;

    /** Probabilities, [key1 - key0, LANES]; the array may be longer. */
    public float[] p = new float[0];

    /**
     * Natural-log sum-exp of each row's visible, scaled scores, and of the sink logit where the
     * head has one, [LANES]: a probability is exp(score - lse). Negative infinity for a row without
     * visible keys. For probabilities from a dump, the logarithm of the row's visible sum.
     */
    public final float[] lse = new float[LANES];

    /**
     * Entropy of each row in nats, -sum p ln p over its keys, [LANES]; what a sink logit took is no
     * key and adds nothing. 0 for a row without visible keys.
     */
    public final float[] entropy = new float[LANES];

    /**
     * Share of each row's mass, what a sink logit took included, that lay on excluded keys before
     * the rest was renormalised, [LANES]; 1 when nothing else was visible.
     */
    public final float[] dropped = new float[LANES];

    /** Smallest positive probability of each row, [LANES]; positive infinity when there is none. */
    public final float[] least = new float[LANES];

    /** Largest base-2 score of each row, [LANES]; 0 for a row without visible keys. */
    final float[] max = new float[LANES];

    /**
     * One over each row's sum of 2^(score - max), sink logit included, [LANES]; 0 for a row without
     * visible keys.
     */
    final float[] inverse = new float[LANES];

    /**
     * What each row sums to, [LANES]: 1, less what a sink logit took, or what a dump holds; 0
     * without visible keys.
     */
    public final float[] mass = new float[LANES];

    /** Step between sampled rows: 1 when the sweep is exact, s when lane i is row row0 + i * s. */
    public int rowStep = 1;

    private final AttentionKernels kernels;

    RowBlock(AttentionKernels kernels) {
        this.kernels = kernels;
    }

    /**
     * How far rows look and how sure they are, over keys [from, to) of the block.
     *
     * @param position where each query sits among the keys, [LANES]
     * @param distance in and out: sum of p x |position - key|, [LANES]
     * @param largest in and out: largest p, [LANES]
     */
    public void moments(int from, int to, float[] position, float[] distance, float[] largest) {
        kernels.moments(p, (from - key0) * LANES, to - from, position, from, distance, largest);
    }

    /**
     * Sums over groups of neighbouring keys that begin at multiples of {@code group}.
     *
     * @param target receives [groups, LANES]: group g covers the keys from {@code (key0 / group +
     *     g) * group}; as long as {@link #groups} says
     */
    public void groupSums(int group, float[] target) {
        kernels.groupSum(p, 0, key1 - key0, key0 % group, group, target);
    }

    /** How many groups of {@code group} keys the block's keys meet. */
    public int groups(int group) {
        return key1 == key0 ? 0 : Math.ceilDiv(key0 % group + key1 - key0, group);
    }

    /**
     * How sure rows are, and what keys receive, over keys [from, to) of the block.
     *
     * @param largest in and out: largest p, [LANES]
     * @param squares in and out: sum of p x p, [LANES]
     * @param columns in and out: {@link AttentionKernels#PARTS} numbers a key, from key 0 on, which
     *     add up to what the key receives from the rows
     */
    public void shares(int from, int to, float[] largest, float[] squares, float[] columns) {
        kernels.shares(
                p,
                (from - key0) * LANES,
                to - from,
                largest,
                squares,
                columns,
                from * AttentionKernels.PARTS);
    }

    /**
     * Adds the cells of keys [from, to) of the block to sums by distance: those of lane i and key k
     * go to {@code target[zero + row0 + i - k]}. Rows lie next to each other.
     *
     * @param target with {@link AttentionKernels#DIAGONAL_ROOM} numbers more at either end
     * @param scratch {@link AttentionKernels#DIAGONAL_SCRATCH} numbers, overwritten
     */
    public void diagonals(int from, int to, float[] target, int zero, float[] scratch) {
        for (int key = from; key < to; key += AttentionKernels.DIAGONAL_KEYS) {
            int keys = Math.min(AttentionKernels.DIAGONAL_KEYS, to - key);
            kernels.diagonals(p, (key - key0) * LANES, keys, target, zero + row0 - key, scratch);
        }
    }

    /**
     * Sums over keys [from, to) of the block that hold the row's own token, and that follow one.
     *
     * @param queries token of each row, [LANES]; NaN matches nothing
     * @param tokens the token of key k at {@code k + 1}; what is before the first key at 0
     * @param sums in and out: over the same token, [LANES], then over what follows one, [LANES]
     */
    public void matches(int from, int to, float[] queries, float[] tokens, float[] sums) {
        kernels.matches(p, (from - key0) * LANES, to - from, queries, tokens, from + 1, sums);
    }

    /**
     * Adds the cells of a key, each with a weight of its lane.
     *
     * @param weights those of the lanes from {@code at} on
     * @param sums in and out: sum of p x weight, [LANES]
     */
    public void weigh(int key, float[] weights, int at, float[] sums) {
        kernels.weigh(p, (key - key0) * LANES, weights, at, sums);
    }

    /**
     * Adds to each key of [from, to) what it receives from the rows, each with a weight.
     *
     * @param weights of the lanes, [LANES]
     * @param target in and out: sum over lanes of p x weight, of the first key at 0
     */
    public void columns(int from, int to, float[] weights, float[] target) {
        kernels.columns(p, (from - key0) * LANES, to - from, weights, target);
    }

    /**
     * Adds up each row over keys [from, to) of the block.
     *
     * @param sums in and out, [LANES]
     */
    public void sum(int from, int to, float[] sums) {
        kernels.addUp(p, (from - key0) * LANES, to - from, sums);
    }
}
