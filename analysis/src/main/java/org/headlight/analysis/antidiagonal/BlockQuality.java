package org.headlight.analysis.antidiagonal;

import java.util.Arrays;

/**
 * How good a choice of blocks is, against the true map.
 *
 * @param density chosen blocks over the blocks that exist
 * @param recall share of all probability that lies in chosen blocks: the mean over the rows of the
 *     map where every row sums to 1
 * @param recallWithoutSink the same with key 0 left out of both; NaN when nothing else has mass
 * @param lowestRecall recall of the block row that has the least
 * @param oracleRecall recall of as many blocks, those with the most mass
 * @param rankCorrelation Spearman's correlation of score and true mass over the blocks that exist,
 *     ties sharing their mean rank; NaN with fewer than two blocks or without any difference
 * @param missed blocks of the smallest true cover of the threshold, row by row, that are not chosen
 */
public record BlockQuality(
        double density,
        double recall,
        double recallWithoutSink,
        double lowestRecall,
        double oracleRecall,
        double rankCorrelation,
        BlockSet missed) {

    /**
     * Measures a choice.
     *
     * @param scores what it was chosen by
     * @param mass true mass per block
     * @param first true mass on key 0 per block row, [rows, 1]
     * @param threshold the share that the true cover reaches
     */
    static BlockQuality of(
            BlockGrid grid,
            BlockTable scores,
            BlockTable mass,
            BlockTable first,
            BlockSet chosen,
            double threshold) {
        double total = mass.total();
        double held = chosen.sum(mass);
        double lowest = 1;
        double sink = 0;
        double sinkHeld = 0;
        for (int row = 0; row < grid.rows(); row++) {
            double kept = 0;
            for (int col = grid.first(row); col < grid.end(row); col++) {
                kept += chosen.contains(row, col) ? mass.get(row, col) : 0;
            }
            double whole = mass.total(row);
            lowest = whole > 0 ? Math.min(lowest, kept / whole) : lowest;
            sink += first.get(row, 0);
            sinkHeld += chosen.contains(row, 0) ? first.get(row, 0) : 0;
        }
        double rest = total - sink;
        return new BlockQuality(
                grid.count() == 0 ? 1 : chosen.size() / (double) grid.count(),
                total > 0 ? Math.min(1, held / total) : 1,
                rest > 1e-9 * total ? Math.clamp((held - sinkHeld) / rest, 0, 1) : Double.NaN,
                lowest,
                total > 0 ? Math.min(1, largest(grid, mass, chosen.size()) / total) : 1,
                correlation(grid, scores, mass),
                BlockChooser.cover(mass, grid, threshold).without(chosen));
    }

    /** Numbers of the blocks that exist, row by row. */
    private static double[] existing(BlockGrid grid, BlockTable table) {
        double[] values = new double[Math.toIntExact(grid.count())];
        int i = 0;
        for (int row = 0; row < grid.rows(); row++) {
            for (int col = grid.first(row); col < grid.end(row); col++) {
                values[i++] = table.get(row, col);
            }
        }
        return values;
    }

    private static double largest(BlockGrid grid, BlockTable mass, int count) {
        double[] values = existing(grid, mass);
        Arrays.sort(values);
        double sum = 0;
        for (int i = values.length - count; i < values.length; i++) {
            sum += values[i];
        }
        return sum;
    }

    private static double correlation(BlockGrid grid, BlockTable scores, BlockTable mass) {
        double[] a = ranks(existing(grid, scores));
        double[] b = ranks(existing(grid, mass));
        double mean = (a.length - 1) / 2.0;
        double both = 0;
        double one = 0;
        double other = 0;
        for (int i = 0; i < a.length; i++) {
            both += (a[i] - mean) * (b[i] - mean);
            one += (a[i] - mean) * (a[i] - mean);
            other += (b[i] - mean) * (b[i] - mean);
        }
        return one > 0 && other > 0 ? both / Math.sqrt(one * other) : Double.NaN;
    }

    /** The rank of each value from 0; equal values share their mean rank. */
    private static double[] ranks(double[] values) {
        int[] order = RankOrder.ascending(values.length, i -> values[i]);
        double[] ranks = new double[values.length];
        for (int i = 0; i < order.length; ) {
            int end = i + 1;
            while (end < order.length && values[order[end]] == values[order[i]]) {
                end++;
            }
            for (int j = i; j < end; j++) {
                ranks[order[j]] = (i + end - 1) / 2.0;
            }
            i = end;
        }
        return ranks;
    }
}
