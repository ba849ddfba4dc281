package org.headlight.analysis.antidiagonal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How the threshold relates to what is really covered, for one head: the curve of recall and
 * density, and the threshold that the published profiling script would set.
 */
public final class CoverageProfile {
    /** The share of true mass that the published script asks for. */
    public static final double COVERAGE = 0.9;

    private static final int STEPS = 40;

    /**
     * A point of the curve.
     *
     * @param threshold share of the score, tau
     * @param density share of the blocks that are chosen
     * @param recall share of the true mass that they hold
     */
    public record Point(double threshold, double density, double recall) {}

    private CoverageProfile() {}

    /**
     * The threshold of a head: in each row the fewest blocks that hold the share of the true mass;
     * the smallest score among these; all blocks that score at least as much. Their share of the
     * score, over all rows.
     *
     * @param coverage share of the true mass, above 0 and up to 1
     * @return above 0 and up to 1; 1 when there are no scores
     */
    public static double threshold(
            BlockGrid grid, BlockTable scores, BlockTable mass, double coverage) {
        BlockSet needed = BlockChooser.cover(mass, grid, coverage);
        double kept = 0;
        double all = 0;
        for (int row = 0; row < grid.rows(); row++) {
            double least = Double.POSITIVE_INFINITY;
            for (int col = grid.first(row); col < grid.end(row); col++) {
                if (needed.contains(row, col)) {
                    least = Math.min(least, scores.get(row, col));
                }
            }
            for (int col = grid.first(row); col < grid.end(row); col++) {
                double score = scores.get(row, col);
                all += score;
                kept += score >= least ? score : 0;
            }
        }
        return all > 0 && kept > 0 ? Math.min(1, kept / all) : 1;
    }

    /** Recall and density for 40 thresholds, evenly from 0.025 to 1. */
    public static List<Point> curve(
            BlockGrid grid, BlockTable scores, BlockTable mass, XAttentionOptions options) {
        double total = mass.total();
        double[] thresholds = new double[STEPS];
        Arrays.setAll(thresholds, i -> (i + 1) / (double) STEPS);
        long[] counts = new long[STEPS];
        double[] held = new double[STEPS];
        if (grid.cols() <= 1) {
            Arrays.fill(counts, grid.count());
            Arrays.fill(held, total);
        } else {
            BlockRanking.of(scores, grid, options).sums(thresholds, mass, counts, held);
        }
        List<Point> points = new ArrayList<>(STEPS);
        for (int i = 0; i < STEPS; i++) {
            points.add(
                    new Point(
                            thresholds[i],
                            grid.count() == 0 ? 1 : counts[i] / (double) grid.count(),
                            total > 0 ? Math.min(1, held[i] / total) : 1));
        }
        return points;
    }
}
