package org.headlight.analysis.antidiagonal;

import java.util.Arrays;

/**
 * The order in which the blocks of each row are taken, sorted once for all thresholds: some always,
 * the others one after the other, each while what counts as held before it is below the threshold's
 * share of the row.
 */
final class BlockRanking {
    private final BlockGrid grid;
    private final double[] total;
    private final int[][] always;
    private final int[][] order;
    private final double[][] cost;

    private BlockRanking(BlockGrid grid, BlockTable table) {
        this.grid = grid;
        total = new double[grid.rows()];
        always = new int[grid.rows()][];
        order = new int[grid.rows()][];
        cost = new double[grid.rows()][];
        for (int row = 0; row < grid.rows(); row++) {
            total[row] = table.total(row);
        }
    }

    /** The order of a rule. */
    static BlockRanking of(BlockTable scores, BlockGrid grid, XAttentionOptions options) {
        return switch (options.rule()) {
            case MINIMAL -> cover(scores, grid, grid.causal());
            case REFERENCE ->
                    grid.causal()
                            ? causalReference(scores, grid, options)
                            : fullReference(scores, grid);
        };
    }

    /**
     * The largest blocks first: with a threshold, the smallest cover.
     *
     * @param forced whether the first block and the query's own block are always taken
     */
    static BlockRanking cover(BlockTable table, BlockGrid grid, boolean forced) {
        BlockRanking ranking = new BlockRanking(grid, table);
        for (int row = 0; row < grid.rows(); row++) {
            int own = grid.own(row);
            int[] kept = forced ? ranking.existing(row, 0, own) : new int[0];
            double held = 0;
            for (int col : kept) {
                held += table.get(row, col);
            }
            ranking.always[row] = kept;
            ranking.rank(table, row, kept);
            ranking.count(table, row, held);
        }
        return ranking;
    }

    /**
     * The published rule with a causal mask. Blocks are ranked, forced ones first; the cost that
     * counts for ranks 0, 1, 2, 3 ... is 0, 0, the forced score, that and the largest other, and so
     * on; a rank is taken while its cost is below what is needed. Where only one block is forced
     * the cost so lags by one. What is not taken falls on block 0.
     */
    private static BlockRanking causalReference(
            BlockTable scores, BlockGrid grid, XAttentionOptions options) {
        BlockRanking ranking = new BlockRanking(grid, scores);
        int chunk = options.chunkFor(grid.keys()) / grid.block();
        int offset = grid.cols() - grid.rows();
        for (int row = 0; row < grid.rows(); row++) {
            int own = Math.min(grid.cols() - 1, row + offset);
            boolean later = row / chunk * chunk + offset > 0;
            double forced = scores.get(row, own) + (later ? scores.get(row, 0) : 0);
            ranking.always[row] = ranking.existing(row, 0, own);
            ranking.rank(scores, row, later ? new int[] {0, own} : new int[] {own});
            ranking.count(scores, row, forced);
            if (!later) {
                ranking.lag(row);
            }
        }
        return ranking;
    }

    /** The published rule without a mask: the largest first, and block 0 if any is left out. */
    private static BlockRanking fullReference(BlockTable scores, BlockGrid grid) {
        BlockRanking ranking = cover(scores, grid, false);
        for (int row = 0; row < grid.rows(); row++) {
            ranking.always[row] = ranking.existing(row, 0, 0);
        }
        return ranking;
    }

    private int[] existing(int row, int one, int other) {
        boolean first = grid.exists(row, one);
        boolean second = grid.exists(row, other) && other != one;
        if (first && second) {
            return new int[] {one, other};
        }
        return first ? new int[] {one} : second ? new int[] {other} : new int[0];
    }

    /** Sorts the blocks of a row that exist, but for some. */
    private void rank(BlockTable table, int row, int[] without) {
        int first = grid.first(row);
        int[] sorted = RankOrder.descending(grid.end(row) - first, i -> table.get(row, first + i));
        int[] ranks = new int[sorted.length];
        int count = 0;
        for (int index : sorted) {
            int col = first + index;
            boolean left = false;
            for (int other : without) {
                left |= other == col;
            }
            if (!left) {
                ranks[count++] = col;
            }
        }
        order[row] = Arrays.copyOf(ranks, count);
    }

    /** What is held before each rank. */
    private void count(BlockTable table, int row, double held) {
        cost[row] = new double[order[row].length];
        double before = held;
        for (int i = 0; i < order[row].length; i++) {
            cost[row][i] = before;
            before += table.get(row, order[row][i]);
        }
    }

    /** Costs of the rank before; nothing for the first. */
    private void lag(int row) {
        double[] costs = cost[row];
        if (costs.length > 0) {
            System.arraycopy(costs, 0, costs, 1, costs.length - 1);
            costs[0] = 0;
        }
    }

    /** The blocks that a threshold takes. */
    BlockSet choose(double threshold) {
        BlockSet chosen = new BlockSet(grid.rows(), grid.cols());
        for (int row = 0; row < grid.rows(); row++) {
            for (int col : always[row]) {
                chosen.add(row, col);
            }
            double need = threshold * total[row];
            for (int i = 0; i < order[row].length && cost[row][i] < need; i++) {
                chosen.add(row, order[row][i]);
            }
        }
        return chosen;
    }

    /**
     * How many blocks each of several thresholds takes, and what they hold of another table, in one
     * pass.
     *
     * @param rising thresholds, the smallest first
     * @param counts receives the numbers of blocks
     * @param held receives the sums
     */
    void sums(double[] rising, BlockTable mass, long[] counts, double[] held) {
        for (int row = 0; row < grid.rows(); row++) {
            long count = always[row].length;
            double sum = 0;
            for (int col : always[row]) {
                sum += mass.get(row, col);
            }
            int at = 0;
            for (int t = 0; t < rising.length; t++) {
                double need = rising[t] * total[row];
                for (; at < order[row].length && cost[row][at] < need; at++) {
                    int col = order[row][at];
                    boolean counted = false;
                    for (int other : always[row]) {
                        counted |= other == col;
                    }
                    count += counted ? 0 : 1;
                    sum += counted ? 0 : mass.get(row, col);
                }
                counts[t] += count;
                held[t] += sum;
            }
        }
    }
}
