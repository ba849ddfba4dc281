package org.headlight.engine.capture;

import java.util.BitSet;

/** Causal attention to the blocks of a layout. */
public final class BlockMask implements AttentionMask {
    private final BitSet[] blocks;
    private final int size;
    private final int offset;
    private final int keys;

    /**
     * @param blocks for each block of queries, the blocks of keys that it sees; rows of blocks
     *     start at key 0
     * @param size rows and columns of a block
     * @param offset position of the first query among the keys
     * @param keys how many keys exist
     */
    public BlockMask(BitSet[] blocks, int size, int offset, int keys) {
        this.blocks = blocks.clone();
        this.size = size;
        this.offset = offset;
        this.keys = keys;
    }

    private BitSet seen(int row) {
        return blocks[(row + offset) / size];
    }

    @Override
    public int firstKey(int row) {
        int first = seen(row).nextSetBit(0);
        return first < 0 ? 0 : Math.min(first * size, endKey(row));
    }

    @Override
    public int endKey(int row) {
        int own = Math.min(keys, row + offset + 1);
        int last = seen(row).previousSetBit(Math.max(0, own - 1) / size);
        return last < 0 ? 0 : Math.min(own, (last + 1) * size);
    }

    @Override
    public boolean unbiased() {
        return false;
    }

    @Override
    public float bias(int row, int col) {
        boolean sees = col < keys && col <= row + offset && seen(row).get(col / size);
        return sees ? 0 : MASKED;
    }

    /** A layout may leave a query's own block out. */
    @Override
    public boolean causal() {
        for (int i = offset / size; i < blocks.length; i++) {
            if (!blocks[i].get(i)) {
                return false;
            }
        }
        return true;
    }
}
