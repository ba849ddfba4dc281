package org.headlight.analysis.sparse.prefill;

import org.headlight.analysis.sparse.select.Best;
import org.headlight.engine.attend.AttentionInput;

import java.util.Arrays;

/** The key blocks of a head by the rules of DHSA: one list for each 128 queries. */
final class DhsaChoice {
    /** Queries that share their keys. */
    static final int QUERIES = 128;

    private final int head;
    private final int block;
    private final int most;
    private final int queries;
    private final int keys;
    private final int rows;
    private final int cols;

    /**
     * @param block keys of a block
     * @param most key blocks of a row, K
     */
    DhsaChoice(AttentionInput input, int head, int block, int most) {
        this.head = head;
        this.block = block;
        this.most = most;
        this.queries = input.q().rows();
        this.keys = input.k().rows();
        this.rows = Math.ceilDiv(queries, QUERIES);
        this.cols = Math.ceilDiv(keys, block);
    }

    /** Key blocks up to that of a row's last query. */
    private int seen(int row) {
        int end = Math.min(queries, (row + 1) * QUERIES) + keys - queries;
        return Math.ceilDiv(end, block);
    }

    /** The key block of a row's first query. */
    private int own(int row) {
        return (row * QUERIES + keys - queries) / block;
    }

    /**
     * topk: the best of all blocks, later ones among them. Where the first query of a row sees none
     * of these, its own block is added: published code leaves such queries with nothing.
     */
    boolean[][] best(PooledScores scores) {
        boolean[][] kept = new boolean[rows][cols];
        double[] row = new double[cols];
        for (int r = 0; r < rows; r++) {
            scores.row(head, r, 0, cols, row);
            int[] chosen = Best.of(row, cols, most);
            for (int b : chosen) {
                kept[r][b] = true;
            }
            kept[r][own(r)] |= chosen[0] > own(r);
        }
        return kept;
    }

    /** a: the first and the most recent block, and the best of those between. */
    boolean[][] bestBetween(PooledScores scores) {
        boolean[][] kept = new boolean[rows][cols];
        double[] row = new double[cols];
        for (int r = 0; r < rows; r++) {
            scores.row(head, r, 0, seen(r), row);
            keepForced(kept[r], row, r);
        }
        return kept;
    }

    /** The first and the most recent block, and the best others; all where there are few. */
    private void keepForced(boolean[] kept, double[] scores, int row) {
        int seen = seen(row);
        if (seen <= most) {
            Arrays.fill(kept, 0, seen, true);
            return;
        }
        scores[0] = Double.POSITIVE_INFINITY;
        scores[seen - 1] = Double.POSITIVE_INFINITY;
        for (int b : Best.of(scores, seen, Math.max(2, most))) {
            kept[b] = true;
        }
    }

    /** vs: by the best columns and distances of the last queries. */
    boolean[][] lines(LastQueries last) {
        int lines = Math.max(1, most * block / 2);
        double[] columns = last.columns();
        double[] distances = last.distances();
        double[] byColumn = new double[cols];
        for (int key : Best.of(columns, keys, lines)) {
            byColumn[key / block] += columns[key];
        }
        int[] offsets = Best.of(distances, keys, lines);
        boolean[][] kept = new boolean[rows][cols];
        int few = Math.ceilDiv(most * block, QUERIES);
        for (int r = 0; r < rows; r++) {
            double[] row = byColumn.clone();
            for (int offset : offsets) {
                addDiagonal(row, r, offset, distances[offset]);
            }
            keepUnlessDense(kept[r], row, r, few);
        }
        return kept;
    }

    /** Adds what a distance holds to every block that it touches for the queries of a row. */
    private void addDiagonal(double[] row, int r, int offset, double mass) {
        int first = r * QUERIES + keys - queries - offset;
        int last = Math.min(queries, (r + 1) * QUERIES) - 1 + keys - queries - offset;
        for (int b = Math.max(0, first) / block; last >= 0 && b <= last / block; b++) {
            row[b] += mass;
        }
    }

    /** vsb: by the best block columns and block distances of the last queries. */
    boolean[][] blockwise(LastQueries last) {
        int half = Math.max(1, most / 2);
        double[] columns = sums(last.columns());
        double[] distances = sums(last.distances());
        double[] byColumn = new double[cols];
        for (int b : Best.of(columns, cols, half)) {
            byColumn[b] = columns[b];
        }
        int[] offsets = Best.of(distances, cols, half);
        boolean[][] kept = new boolean[rows][cols];
        int few = Math.ceilDiv(most * block, QUERIES);
        for (int r = 0; r < rows; r++) {
            double[] row = byColumn.clone();
            for (int offset : offsets) {
                addDiagonal(row, r, offset * block, distances[offset]);
            }
            keepUnlessDense(kept[r], row, r, few);
        }
        return kept;
    }

    private void keepUnlessDense(boolean[] kept, double[] row, int r, int few) {
        if (r < few || r == rows - 1) {
            Arrays.fill(kept, 0, seen(r), true);
        } else {
            keepForced(kept, row, r);
        }
    }

    private double[] sums(double[] values) {
        double[] sums = new double[cols];
        for (int i = 0; i < values.length; i++) {
            sums[i / block] += values[i];
        }
        return sums;
    }
}
