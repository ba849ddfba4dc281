package org.headlight.engine.attend;

import org.headlight.engine.capture.AttentionMask;

/**
 * The mask of some of the queries over the first keys.
 *
 * @param all the whole mask
 * @param from the first query
 * @param keys how many keys remain
 */
record PartMask(AttentionMask all, int from, int keys) implements AttentionMask {

    @Override
    public int firstKey(int row) {
        return Math.min(keys, all.firstKey(row + from));
    }

    @Override
    public int endKey(int row) {
        return Math.min(keys, all.endKey(row + from));
    }

    @Override
    public boolean unbiased() {
        return all.unbiased();
    }

    @Override
    public float bias(int row, int col) {
        return all.bias(row + from, col);
    }

    @Override
    public boolean causal() {
        return all.causal();
    }
}
