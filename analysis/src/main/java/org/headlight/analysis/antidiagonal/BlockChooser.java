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
        if (grid.cols() <= 1) {
            return BlockSet.all(grid);
        }
        return switch (options.rule()) {
            case MINIMAL -> cover(scores, grid, options.threshold(), grid.causal());
            case REFERENCE ->
                    grid.causal()
                            ? causalReference(scores, grid, options)
                            : fullReference(scores, grid, options.threshold());
        };
    }

    /**
     * The smallest cover: in each row the largest blocks, until they hold the share of what the row
     * holds.
     *
     * @param forced whether the first block and the query's own block are taken before any other
     */
    static BlockSet cover(BlockTable table, BlockGrid grid, double share, boolean forced) {
        BlockSet chosen = new BlockSet(grid.rows(), grid.cols());
        for (int row = 0; row < grid.rows(); row++) {
            int at = row;
            int first = grid.first(row);
            double need = share * table.total(row);
            double held = 0;
            if (forced) {
                for (int col : new int[] {0, grid.own(row)}) {
                    if (grid.exists(row, col) && !chosen.contains(row, col)) {
                        chosen.add(row, col);
                        held += table.get(row, col);
                    }
                }
            }
            int[] order =
                    RankOrder.descending(grid.end(row) - first, i -> table.get(at, first + i));
            for (int i = 0; i < order.length && held < need; i++) {
                int col = first + order[i];
                if (!chosen.contains(row, col)) {
                    chosen.add(row, col);
                    held += table.get(row, col);
                }
            }
        }
        return chosen;
    }

    /**
     * The published rule with a causal mask. Blocks are ranked, forced ones first; the cost that
     * counts for ranks 0, 1, 2, 3 ... is 0, 0, the forced score, that and the largest other, and so
     * on; a rank is taken while its cost is below what is needed. Where only one block is forced
     * the cost so lags by one. What is not taken falls on block 0.
     */
    private static BlockSet causalReference(
            BlockTable scores, BlockGrid grid, XAttentionOptions options) {
        BlockSet chosen = new BlockSet(grid.rows(), grid.cols());
        int chunk = options.chunkFor(grid.keys()) / grid.block();
        int offset = grid.cols() - grid.rows();
        for (int row = 0; row < grid.rows(); row++) {
            int at = row;
            int own = Math.min(grid.cols() - 1, row + offset);
            boolean later = row / chunk * chunk + offset > 0;
            double need = options.threshold() * scores.total(row);
            double forced = scores.get(row, own) + (later ? scores.get(row, 0) : 0);
            take(chosen, grid, row, own);
            take(chosen, grid, row, 0);
            int[] order =
                    RankOrder.descending(
                            grid.cols(),
                            col ->
                                    col == own || (later && col == 0)
                                            ? Double.NEGATIVE_INFINITY
                                            : scores.get(at, col));
            double cost = later ? forced : 0;
            double next = forced;
            int others = grid.cols() - (later ? 2 : 1);
            for (int i = 0; i < others && cost < need; i++) {
                take(chosen, grid, row, order[i]);
                cost = later ? cost + scores.get(row, order[i]) : next;
                next += scores.get(row, order[i]);
            }
        }
        return chosen;
    }

    /** The published rule without a mask: the smallest cover, and block 0 if any is left out. */
    private static BlockSet fullReference(BlockTable scores, BlockGrid grid, double share) {
        BlockSet chosen = cover(scores, grid, share, false);
        for (int row = 0; row < grid.rows(); row++) {
            take(chosen, grid, row, 0);
        }
        return chosen;
    }

    private static void take(BlockSet chosen, BlockGrid grid, int row, int col) {
        if (grid.exists(row, col)) {
            chosen.add(row, col);
        }
    }
}
