package org.headlight.analysis.sparse.prefill;

import org.headlight.analysis.antidiagonal.BlockGrid;
import org.headlight.analysis.antidiagonal.BlockSet;
import org.headlight.analysis.sparse.Plan;
import org.headlight.analysis.sparse.select.Blocks;
import org.headlight.analysis.sparse.select.EachHead;
import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.task.Progress;

import java.util.Arrays;
import java.util.List;

/** Plans of square blocks, which each head chooses by itself. */
final class BlockPlan {
    private BlockPlan() {}

    /** Chooses the blocks of a head; called from several threads. */
    @FunctionalInterface
    interface Choice {
        BlockSet choose(int head, BlockGrid grid);
    }

    /**
     * The plan of a site.
     *
     * @param block queries and keys of a block, a multiple of 64
     * @param threads how many heads at a time
     */
    static Plan.Selected of(
            AttentionInput input, int block, int threads, Progress progress, Choice choice) {
        List<BlockGrid> grids = Blocks.grids(input, block);
        BlockSet[] sets = new BlockSet[grids.size()];
        EachHead.run(
                sets.length,
                threads,
                progress,
                head -> sets[head] = choice.choose(head, grids.get(head)));
        return new Plan.Selected(Blocks.selection(block, Arrays.asList(sets)));
    }

    /** No block of a grid yet. */
    static BlockSet empty(BlockGrid grid) {
        return new BlockSet(grid.rows(), grid.cols());
    }

    /** Adds the blocks of a row that exist, in a range of columns. */
    static void addRange(BlockSet set, BlockGrid grid, int row, int from, int to) {
        int end = Math.min(to, grid.end(row));
        for (int col = Math.max(from, grid.first(row)); col < end; col++) {
            set.add(row, col);
        }
    }
}
