package org.headlight.analysis.antidiagonal;

import java.util.BitSet;

/** Some of the blocks of a grid. */
public final class BlockSet {
    private final BitSet bits;
    private final int rows;
    private final int cols;

    /** None of the blocks of a grid. */
    public BlockSet(int rows, int cols) {
        this.bits = new BitSet(rows * cols);
        this.rows = rows;
        this.cols = cols;
    }

    /** Every block that exists. */
    public static BlockSet all(BlockGrid grid) {
        BlockSet set = new BlockSet(grid.rows(), grid.cols());
        for (int row = 0; row < grid.rows(); row++) {
            for (int col = grid.first(row); col < grid.end(row); col++) {
                set.add(row, col);
            }
        }
        return set;
    }

    /** Adds a block, if it is not there yet; only while the set is made. */
    public void add(int row, int col) {
        bits.set(row * cols + col);
    }

    public int rows() {
        return rows;
    }

    public int cols() {
        return cols;
    }

    public boolean contains(int row, int col) {
        return bits.get(row * cols + col);
    }

    /**
     * The first block column of a row, from a column on, that is in the set; -1 when there is none.
     */
    public int next(int row, int col) {
        int bit = bits.nextSetBit(row * cols + col);
        return bit < 0 || bit >= (row + 1) * cols || col >= cols ? -1 : bit - row * cols;
    }

    /** How many blocks there are. */
    public int size() {
        return bits.cardinality();
    }

    /** The blocks of this that are not in the other. */
    BlockSet without(BlockSet other) {
        BlockSet rest = new BlockSet(rows, cols);
        rest.bits.or(bits);
        rest.bits.andNot(other.bits);
        return rest;
    }

    /** What the table holds on these blocks. */
    double sum(BlockTable table) {
        double sum = 0;
        for (int i = bits.nextSetBit(0); i >= 0; i = bits.nextSetBit(i + 1)) {
            sum += table.get(i / cols, i % cols);
        }
        return sum;
    }
}
