package org.headlight.analysis.heads;

import org.headlight.engine.capture.HeadAttention;

import java.util.Arrays;

/**
 * What one sweep over a head's map adds up, from which the numbers of the head are made: sums over
 * columns (what each key received) and over diagonals (how much went so far back), and over rows.
 * Memory grows with N + M. Positions of queries and keys are compared as if the last row stood at
 * the last key.
 */
public final class MapSums {
    private final int rows;
    private final int cols;
    private final double[] columns;
    private final double[] lateColumns;
    private final double[] diagonals;
    private final double[] lateDiagonals;
    private final RowTotals totals;

    /**
     * Sums over rows. "Mean over rows" divides by {@code seen}.
     *
     * @param seen rows that see at least one key
     * @param late of these, the rows from the asked one on
     * @param mass sum of all attention; less than {@code seen} where a sink logit takes a share
     * @param entropy sum of -sum A ln A, in nats
     * @param evenness sum of entropy / ln(visible keys), over the rows that see two keys or more
     * @param spread how many rows these are
     * @param support sum of exp(entropy)
     * @param participation sum of 1 / sum of A x A
     * @param confidence sum of the largest A of a row
     * @param same attention on earlier copies of the query's token
     * @param sameFirst of that, on key 0
     * @param after attention on what follows an earlier copy of the query's token
     * @param afterSelf of that, on the query itself
     * @param corner A[first row, key 0] where that row stands at key 0, else 0
     * @param second A[q = 1, 0], 0 where there is no such row
     */
    public record RowTotals(
            long seen,
            long late,
            double mass,
            double entropy,
            double evenness,
            long spread,
            double support,
            double participation,
            double confidence,
            double same,
            double sameFirst,
            double after,
            double afterSelf,
            double corner,
            double second) {
        static final RowTotals NONE = new RowTotals(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

        RowTotals plus(RowTotals o) {
            return new RowTotals(
                    seen + o.seen,
                    late + o.late,
                    mass + o.mass,
                    entropy + o.entropy,
                    evenness + o.evenness,
                    spread + o.spread,
                    support + o.support,
                    participation + o.participation,
                    confidence + o.confidence,
                    same + o.same,
                    sameFirst + o.sameFirst,
                    after + o.after,
                    afterSelf + o.afterSelf,
                    corner + o.corner,
                    second + o.second);
        }
    }

    MapSums(
            HeadAttention head,
            double[] columns,
            double[] lateColumns,
            double[] diagonals,
            double[] lateDiagonals,
            RowTotals totals) {
        this.rows = head.rows();
        this.cols = head.cols();
        this.columns = columns;
        this.lateColumns = lateColumns;
        this.diagonals = diagonals;
        this.lateDiagonals = lateDiagonals;
        this.totals = totals;
    }

    /** Queries, N. */
    public int rows() {
        return rows;
    }

    /** Keys, M. */
    public int cols() {
        return cols;
    }

    /** Sums over rows. */
    public RowTotals totals() {
        return totals;
    }

    /** What a key received from all rows. */
    public double column(int key) {
        return columns[key];
    }

    /** What a key received from the late rows. */
    public double lateColumn(int key) {
        return lateColumns[key];
    }

    /** The greatest distance back that a cell can have. */
    public int farthest() {
        return cols - 1;
    }

    /** The greatest distance ahead that a cell can have; less than 1 when nothing lies ahead. */
    public int ahead() {
        return rows - 1;
    }

    /**
     * All attention from queries to keys so far back.
     *
     * @param distance position of the query less the key; negative for keys ahead; 0 outside the
     *     map
     */
    public double diagonal(int distance) {
        int at = distance + rows - 1;
        return at < 0 || at >= diagonals.length ? 0 : diagonals[at];
    }

    /** {@link #diagonal} of the late rows. */
    public double lateDiagonal(int distance) {
        int at = distance + rows - 1;
        return at < 0 || at >= lateDiagonals.length ? 0 : lateDiagonals[at];
    }

    /** Sum of A |q - k| over all rows. */
    public double distance() {
        double sum = 0;
        for (int at = 0; at < diagonals.length; at++) {
            sum += diagonals[at] * Math.abs(at - (rows - 1));
        }
        return sum;
    }

    /** Mean over rows of sum A |q - k|. */
    public double meanDistance() {
        return distance() / Math.max(1, totals.seen());
    }

    /** Mean over rows of the mass at most so far away. */
    public double near(int distance) {
        double sum = 0;
        for (int d = -distance; d <= distance; d++) {
            sum += diagonal(d);
        }
        return sum / Math.max(1, totals.seen());
    }

    /**
     * Excess kurtosis of what keys receive (Fisher's, biased): 0 as a normal distribution; NaN
     * where all receive alike.
     */
    public double kurtosis() {
        double mean = Arrays.stream(columns).average().orElse(0);
        double second = 0;
        double fourth = 0;
        for (double column : columns) {
            double square = (column - mean) * (column - mean);
            second += square;
            fourth += square * square;
        }
        second /= columns.length;
        fourth /= columns.length;
        return second > 1e-18 ? fourth / (second * second) - 3 : Double.NaN;
    }

    /** How unevenly keys receive: the Gini coefficient of the columns, 0 even to 1. */
    public double gini() {
        double[] sorted = columns.clone();
        Arrays.sort(sorted);
        double sum = 0;
        double weighted = 0;
        for (int i = 0; i < sorted.length; i++) {
            sum += sorted[i];
            weighted += (i + 1.0) * sorted[i];
        }
        int n = sorted.length;
        return sum > 0 ? 2 * weighted / (n * sum) - (n + 1.0) / n : 0;
    }
}
