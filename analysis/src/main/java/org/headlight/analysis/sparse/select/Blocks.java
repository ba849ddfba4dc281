package org.headlight.analysis.sparse.select;

import org.headlight.analysis.antidiagonal.BlockGrid;
import org.headlight.analysis.antidiagonal.BlockSet;
import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.attend.BlockCsr;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Blocks of all heads of a site: their grids, and sets of them as a selection. */
public final class Blocks {
    private Blocks() {}

    /** The grid of each head; heads with the same mask share one. */
    public static List<BlockGrid> grids(AttentionInput input, int block) {
        List<BlockGrid> grids = new ArrayList<>();
        for (int head = 0; head < input.q().heads(); head++) {
            boolean same = head > 0 && input.mask(head).equals(input.mask(head - 1));
            grids.add(same ? grids.getLast() : new BlockGrid(SiteMaps.map(input, head), block));
        }
        return grids;
    }

    /**
     * Adds the blocks that hold the own keys of a block row's queries: then every query keeps one.
     *
     * @param input whose last query sits at the last key
     */
    public static void addOwn(BlockSet set, BlockGrid grid, AttentionInput input, int row) {
        int first = row * grid.block() + input.k().rows() - input.q().rows();
        for (int col = Math.max(0, first / grid.block()); col <= grid.own(row); col++) {
            set.add(row, col);
        }
    }

    /**
     * The sets of all heads as one selection.
     *
     * @param block queries and keys of a block, a multiple of 64
     * @param sets one for each query head
     */
    public static BlockCsr selection(int block, List<BlockSet> sets) {
        List<int[]> starts = new ArrayList<>();
        List<int[]> columns = new ArrayList<>();
        for (BlockSet set : sets) {
            int[] start = new int[set.rows() + 1];
            int[] own = new int[set.size()];
            int count = 0;
            for (int row = 0; row < set.rows(); row++) {
                for (int col = set.next(row, 0); col >= 0; col = set.next(row, col + 1)) {
                    own[count++] = col;
                }
                start[row + 1] = count;
            }
            starts.add(start);
            columns.add(Arrays.copyOf(own, count));
        }
        return BlockCsr.of(block, starts, columns);
    }
}
