package org.headlight.analysis.heads;

import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.sweep.Visibility;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * How far a head looks: the attention by distance back, next to what a head would give that spreads
 * every row evenly over the keys it sees. Distances are of self-attention; keys ahead are left out.
 */
public final class OffsetProfile {
    private final double[] observed;
    private final double[] expected;
    private final long[] cells;
    private final double mass;

    private OffsetProfile(double[] observed, double[] expected, long[] cells, double mass) {
        this.observed = observed;
        this.expected = expected;
        this.cells = cells;
        this.mass = mass;
    }

    /**
     * Distances that belong together, longer ones in wider classes.
     *
     * @param from first distance
     * @param to last distance
     * @param share of all attention
     * @param expected share if rows were spread evenly over what they see
     * @param ratio share over expected; NaN where nothing is expected
     */
    public record Range(int from, int to, double share, double expected, double ratio) {}

    /**
     * The profile of a head.
     *
     * @param sums what a sweep added up
     * @return by distance 0 to M - 1
     */
    public static OffsetProfile of(HeadAttention head, MapSums sums) {
        int offset = head.cols() - head.rows();
        int n = head.cols();
        double[] even = new double[n + 1];
        long[] count = new long[n + 1];
        Visibility visibility = new Visibility(head, Set.of());
        for (int row = 0; row < head.rows(); row++) {
            int q = row + offset;
            int seen = visibility.count(row, 0, n);
            int nearest = Math.max(0, q - visibility.end(row) + 1);
            int farthest = q - visibility.first(row);
            if (seen > 0 && farthest >= nearest) {
                // Sums of differences: each distance between the two gets this row's even share.
                even[nearest] += 1.0 / seen;
                even[farthest + 1] -= 1.0 / seen;
                count[nearest]++;
                count[farthest + 1]--;
            }
        }
        double[] observed = new double[n];
        double[] expected = new double[n];
        long[] cells = new long[n];
        double running = 0;
        long rows = 0;
        for (int d = 0; d < n; d++) {
            running += even[d];
            rows += count[d];
            observed[d] = sums.diagonal(d);
            // What is left of differences where no row reaches is rounding.
            expected[d] = rows > 0 ? running : 0;
            cells[d] = rows;
        }
        return new OffsetProfile(observed, expected, cells, sums.totals().mass());
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
        double rows = total();
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
                double fair = rows > 0 ? even / rows : 0;
                ranges.add(new Range(from, to - 1, share, fair, share / fair));
            }
            from = to;
        }
        return ranges;
    }

    private double total() {
        double sum = 0;
        for (double each : expected) {
            sum += each;
        }
        return sum;
    }
}
