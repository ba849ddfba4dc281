package org.headlight.engine.attend;

import java.util.List;

/**
 * Blocks of queries by keys, in compressed sparse rows for each query head: block row r of a head
 * has the key blocks {@code columns[starts[r]]} to {@code columns[starts[r + 1] - 1]}, rising.
 * Block (r, c) is queries [r x block, (r + 1) x block) by keys [c x block, (c + 1) x block).
 */
public final class BlockCsr extends Selection {
    /** Where fewer than one block in so many is kept, blocks are fetched before they are used. */
    private static final int JUMPS = 4;

    private final int block;
    private final int[][] starts;
    private final int[][] columns;

    private BlockCsr(int block, int[][] starts, int[][] columns) {
        this.block = block;
        this.starts = starts;
        this.columns = columns;
    }

    /**
     * Blocks of every query head.
     *
     * @param block queries and keys of a block, a multiple of 64
     * @param starts for each query head, ceil(N / block) + 1 indices into its columns
     * @param columns for each query head, key blocks
     */
    public static BlockCsr of(int block, List<int[]> starts, List<int[]> columns) {
        if (block < 64 || block % 64 != 0) {
            throw new IllegalArgumentException("Blocks of " + block + "; multiples of 64 work");
        }
        if (starts.size() != columns.size()) {
            throw new IllegalArgumentException(
                    starts.size() + " lists of starts, " + columns.size() + " of columns");
        }
        int heads = starts.size();
        int[][] ownStarts = new int[heads][];
        int[][] ownColumns = new int[heads][];
        for (int head = 0; head < heads; head++) {
            int[] s = starts.get(head).clone();
            int[] c = columns.get(head).clone();
            String where = "Head " + head;
            Columns.checkStarts(s, c.length, where);
            for (int row = 0; row + 1 < s.length; row++) {
                Columns.checkRising(c, s[row], s[row + 1], where + ", block row " + row);
            }
            ownStarts[head] = s;
            ownColumns[head] = c;
        }
        return new BlockCsr(block, ownStarts, ownColumns);
    }

    /** Queries and keys of a block. */
    public int block() {
        return block;
    }

    /** Blocks that are kept, over all heads. */
    public long blocks() {
        long sum = 0;
        for (int[] list : columns) {
            sum += list.length;
        }
        return sum;
    }

    @Override
    public Sharing sharing() {
        return new Sharing(block, Sharing.ALL, 0);
    }

    @Override
    void check(AttentionInput input) {
        int rows = Math.ceilDiv(input.q().rows(), block);
        int limit = Math.ceilDiv(input.k().rows(), block);
        if (starts.length != input.q().heads()) {
            throw new IllegalArgumentException(
                    starts.length + " block layouts for " + input.q().heads() + " heads");
        }
        for (int head = 0; head < starts.length; head++) {
            if (starts[head].length != rows + 1) {
                throw new IllegalArgumentException(
                        "Head "
                                + head
                                + " has "
                                + (starts[head].length - 1)
                                + " block rows of "
                                + block
                                + "; "
                                + input.q().rows()
                                + " queries are "
                                + rows);
            }
            for (int row = 0; row < rows; row++) {
                if (starts[head][row + 1] > starts[head][row]) {
                    Columns.checkBelow(columns[head], starts[head][row + 1], limit);
                }
            }
        }
    }

    @Override
    int rowsTogether() {
        return block;
    }

    @Override
    void visit(TileWork work, int head, int row0) {
        int row = row0 / block;
        int[] list = columns[head];
        work.limitToMask();
        int kept = starts[head][row + 1] - starts[head][row];
        boolean jumps = kept * JUMPS < Math.ceilDiv(work.endKey(), block);
        for (int i = starts[head][row]; i < starts[head][row + 1]; i++) {
            if (jumps) {
                work.fetch(list[i] * block, (list[i] + 1) * block);
            }
            work.range(list[i] * block, (list[i] + 1) * block);
        }
    }

    @Override
    int count(AttentionInput input, int head, int row) {
        return UNLISTED;
    }

    @Override
    void list(AttentionInput input, int head, int row, int from, int count, int[] keys) {
        throw new IllegalStateException("Blocks are worked on in tiles");
    }

    @Override
    void keys(Shape shape, int head, int row, Runs target) {
        int blockRow = row / block;
        for (int i = starts[head][blockRow]; i < starts[head][blockRow + 1]; i++) {
            int from = columns[head][i] * block;
            target.run(from, Math.min(from + block, shape.keys()));
        }
    }

    @Override
    public Selection head(Shape shape, int head) {
        return new BlockCsr(block, new int[][] {starts[head]}, new int[][] {columns[head]});
    }
}
