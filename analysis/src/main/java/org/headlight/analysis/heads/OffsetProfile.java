package org.headlight.analysis.heads;

import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.sweep.Visibility;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * How far a head looks: the attention by distance back, next to what a head would give that spreads
 * every row evenly over the keys it sees. Distances are of self-attention. Keys ahead have no class
 * of their own: {@link #ahead} says what they hold, so that shares of all classes and of keys ahead
 * add up to 1, both for the head and for rows spread evenly.
 */
public final class OffsetProfile {
    private final double[] observed;
    private final double[] expected;
    private final long[] cells;
    private final double mass;
    private final long rows;
    private final Ahead ahead;

    private OffsetProfile(
            double[] observed,
            double[] expected,
            long[] cells,
            double mass,
            long rows,
            Ahead ahead) {
        this.observed = observed;
        this.expected = expected;
        this.cells = cells;
        this.mass = mass;
        this.rows = rows;
        this.ahead = ahead;
    }

    /**
     * Distances that belong together, longer ones in wider classes.
     *
     * @param from first distance
     * @param to last distance
     * @param share of all attention
     * @param expected share of all if rows were spread evenly over what they see
     * @param ratio share over expected; NaN where nothing is expected
     */
    public record Range(int from, int to, double share, double expected, double ratio) {}

    /**
     * What lies ahead of its query, as in an encoder.
     *
     * @param share of all attention; 0 where no query sees a key ahead
     * @param expected share of all if rows were spread evenly over what they see
     */
    public record Ahead(double share, double expected) {
        /** Whether any query sees a key ahead. */
        public boolean seen() {
            return expected > 0;
        }
    }

    /**
     * The profile of a head.
     *
     * @param sums what a sweep added up
     * @return by distance 0 to M - 1
     */
    public static OffsetProfile of(HeadAttention head, MapSums sums) {
        Even even = new Even(head);
        int n = head.cols();
        double[] observed = new double[n];
        double[] expected = new double[n];
        long[] cells = new long[n];
        double running = 0;
        long rows = 0;
        for (int d = 0; d < n; d++) {
            running += even.shares[d];
            rows += even.cells[d];
            observed[d] = sums.diagonal(d);
            // What is left of differences where no row reaches is rounding.
            expected[d] = rows > 0 ? running : 0;
            cells[d] = rows;
        }
        double all = sums.totals().mass();
        double later = 0;
        for (int d = 1; d <= sums.ahead(); d++) {
            later += sums.diagonal(-d);
        }
        Ahead ahead =
                new Ahead(all > 0 ? later / all : 0, even.rows > 0 ? even.ahead / even.rows : 0);
        return new OffsetProfile(observed, expected, cells, all, even.rows, ahead);
    }

    /** What rows spread evenly over what they see would give, as differences along distances. */
    private static final class Even {
        private final double[] shares;
        private final long[] cells;
        private double ahead;
        private long rows;

        Even(HeadAttention head) {
            int n = head.cols();
            int offset = n - head.rows();
            shares = new double[n + 1];
            cells = new long[n + 1];
            Visibility visibility = new Visibility(head, Set.of());
            for (int row = 0; row < head.rows(); row++) {
                int seen = visibility.count(row, 0, n);
                if (seen > 0) {
                    rows++;
                    row(visibility, row, row + offset, seen);
                }
            }
        }

        private void row(Visibility visibility, int row, int q, int seen) {
            int first = visibility.first(row);
            int end = visibility.end(row);
            int back = Math.min(end, q + 1);
            double each = 1.0 / seen;
            ahead += each * visibility.count(row, Math.max(first, q + 1), end);
            if (seen == end - first) {
                add(q - back + 1, q - first, each);
                return;
            }
            for (int key = first; key < back; key++) {
                if (visibility.visible(row, key)) {
                    add(q - key, q - key, each);
                }
            }
        }

        private void add(int nearest, int farthest, double each) {
            if (farthest >= nearest) {
                shares[nearest] += each;
                shares[farthest + 1] -= each;
                cells[nearest]++;
                cells[farthest + 1]--;
            }
        }
    }

    /** Distances: 0 to this, the last one not included. */
    public int size() {
        return observed.length;
    }

    /** All attention so far back: the sum along a diagonal. */
    public double sum(int distance) {
        return observed[distance];
    }

    /** Mean attention of a cell so far back; NaN where no row sees so far. */
    public double mean(int distance) {
        return cells[distance] > 0 ? observed[distance] / cells[distance] : Double.NaN;
    }

    /** Attention so far back over that of rows spread evenly; NaN where no row sees so far. */
    public double ratio(int distance) {
        return expected[distance] > 0 ? observed[distance] / expected[distance] : Double.NaN;
    }

    /** Classes of distances: 0, 1, 2 to 3, 4 to 7, 8 to 15, and so on. */
    public List<Range> ranges() {
        List<Range> ranges = new ArrayList<>();
        double all = mass > 0 ? mass : 1;
        int from = 0;
        while (from < observed.length) {
            int width = Math.max(1, from);
            int to = Math.min(observed.length, from + width);
            double seen = 0;
            double even = 0;
            for (int d = from; d < to; d++) {
                seen += observed[d];
                even += expected[d];
            }
            if (even > 0) {
                double share = seen / all;
                double fair = even / rows;
                ranges.add(new Range(from, to - 1, share, fair, share / fair));
            }
            from = to;
        }
        return ranges;
    }

    /** What keys ahead of their queries hold, which no class of distances has. */
    public Ahead ahead() {
        return ahead;
    }
}
