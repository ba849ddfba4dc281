package org.headlight.analysis.sparse.prefill;

import org.headlight.analysis.antidiagonal.BlockGrid;
import org.headlight.analysis.antidiagonal.BlockSet;
import org.headlight.analysis.sparse.select.Best;
import org.headlight.analysis.sparse.select.Pooled;
import org.headlight.analysis.sparse.select.Rows;
import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.attend.HeadArray;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;

/**
 * The blocks of a head by FlexPrefill.
 *
 * @param block queries and keys of a block, B
 * @param gamma share that is covered
 * @param tau largest distance of a head that is query-aware
 * @param budget keys kept at the least
 * @param sweep what computes
 */
record FlexChoice(int block, double gamma, double tau, int budget, SweepOptions sweep) {

    /** What a head's last queries say about it. */
    record Pattern(int columns, int diagonals, double distance) {}

    BlockSet choose(
            AttentionInput input,
            PooledScores scores,
            int head,
            BlockGrid grid,
            Progress progress) {
        int least = Math.ceilDiv(budget, block) * block;
        if (input.k().rows() <= Math.max(2 * block, least)) {
            return BlockSet.all(grid);
        }
        LastQueries last = new LastQueries(input, head, block, sweep, progress);
        Pattern pattern = pattern(input, head, last);
        boolean aware = pattern.distance < tau;
        int fewest = Math.min(grid.cols(), least / block);
        int columns = aware ? fewest : Math.clamp(pattern.columns, fewest, grid.cols());
        int diagonals = aware ? fewest : Math.clamp(pattern.diagonals, fewest, grid.cols());
        BlockSet set = BlockPlan.empty(grid);
        addColumns(set, grid, forcedFirst(blockSums(last.columns())), columns);
        addDiagonals(set, grid, forcedFirst(blockSums(last.distances())), diagonals);
        if (aware) {
            addBest(set, grid, scores, head);
        }
        return set;
    }

    /** How many block columns and diagonals cover the share, and how far block means are off. */
    Pattern pattern(AttentionInput input, int head, LastQueries last) {
        double[] columns = last.columns();
        int vertical = cover(columns, last.count()) / block + 1;
        int slash = cover(last.distances(), last.count()) / block + 1;
        double[] truth = blockSums(columns);
        for (int i = 0; i < truth.length; i++) {
            truth[i] /= last.count();
        }
        return new Pattern(vertical, slash, distance(foretold(input, head), truth));
    }

    /**
     * One more than how many of the largest numbers, added up, stay within the share.
     *
     * @param rows what the numbers were summed over: they add up to it
     */
    int cover(double[] sums, int rows) {
        int[] ranked = Best.ranked(sums, sums.length);
        double held = 0;
        for (int i = 0; i < ranked.length; i++) {
            held += sums[ranked[i]] / rows;
            if (held > gamma) {
                return i + 1;
            }
        }
        return ranked.length + 1;
    }

    /** What block means say that the last queries look at, by key block. */
    private double[] foretold(AttentionInput input, int head) {
        HeadArray q = input.q();
        int from = Math.max(0, q.rows() - block);
        HeadArray mean = Pooled.means(q.rows(head, from, q.rows()), block);
        int keyHead = input.keyHead(head);
        HeadArray keys = Pooled.means(input.k().head(keyHead), block);
        double[] p = new double[keys.rows()];
        for (int col = 0; col < p.length; col++) {
            p[col] =
                    (double) Rows.dot(mean.values(), 0, keys.values(), keys.at(0, col), q.width())
                            * input.scale();
        }
        Rows.soften(p, p.length, Double.NEGATIVE_INFINITY);
        return p;
    }

    private double[] blockSums(double[] values) {
        double[] sums = new double[Math.ceilDiv(values.length, block)];
        for (int i = 0; i < values.length; i++) {
            sums[i / block] += values[i];
        }
        return sums;
    }

    private static double[] forcedFirst(double[] sums) {
        sums[0] = Double.POSITIVE_INFINITY;
        return sums;
    }

    /** The square root of the Jensen-Shannon divergence in nats. */
    static double distance(double[] one, double[] other) {
        double sum = 0;
        for (int i = 0; i < one.length; i++) {
            double middle = (one[i] + other[i]) / 2;
            sum += one[i] > 0 ? one[i] * Math.log(one[i] / middle) : 0;
            sum += other[i] > 0 ? other[i] * Math.log(other[i] / middle) : 0;
        }
        return Math.sqrt(Math.max(0, sum / 2));
    }

    private static void addColumns(BlockSet set, BlockGrid grid, double[] sums, int count) {
        for (int col : Best.of(sums, sums.length, count)) {
            for (int row = 0; row < grid.rows(); row++) {
                BlockPlan.addRange(set, grid, row, col, col + 1);
            }
        }
    }

    private static void addDiagonals(BlockSet set, BlockGrid grid, double[] sums, int count) {
        for (int back : Best.of(sums, sums.length, count)) {
            for (int row = 0; row < grid.rows(); row++) {
                int col = grid.own(row) - back;
                BlockPlan.addRange(set, grid, row, col, col + 1);
            }
        }
    }

    /** The best blocks of all rows together, as long as they hold no more than the share. */
    private void addBest(BlockSet set, BlockGrid grid, PooledScores scores, int head) {
        int cols = grid.cols();
        double[] all = new double[grid.rows() * cols];
        double[] row = new double[cols];
        for (int r = 0; r < grid.rows(); r++) {
            int first = grid.first(r);
            scores.row(head, r, first, grid.end(r), row);
            double[] seen = new double[grid.end(r) - first];
            System.arraycopy(row, first, seen, 0, seen.length);
            Rows.soften(seen, seen.length, Double.NEGATIVE_INFINITY);
            System.arraycopy(seen, 0, all, r * cols + first, seen.length);
        }
        double held = 0;
        for (int cell : Best.ranked(all, all.length)) {
            held += all[cell];
            if (held > gamma * grid.rows() || all[cell] == 0) {
                return;
            }
            set.add(cell / cols, cell % cols);
        }
    }
}
