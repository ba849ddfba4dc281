package org.headlight.analysis.antidiagonal;

/** Chooses blocks by their scores, row by row. */
public final class BlockChooser {
    private BlockChooser() {}

    /**
     * Chooses by the rule and the threshold of the options.
     *
     * @param scores block scores, [rows, cols] of the grid
     */
    public static BlockSet choose(BlockTable scores, BlockGrid grid, XAttentionOptions options) {
        return grid.cols() <= 1
                ? BlockSet.all(grid)
                : BlockRanking.of(scores, grid, options).choose(options.threshold());
    }

    /** The fewest blocks of each row that hold the share of what the row holds. */
    public static BlockSet cover(BlockTable table, BlockGrid grid, double share) {
        return BlockRanking.cover(table, grid, false).choose(share);
    }
}
