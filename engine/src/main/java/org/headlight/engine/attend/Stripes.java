package org.headlight.engine.attend;

import java.util.List;

/**
 * Single key columns for each group of queries, and a window of the last keys up to each query's
 * own position: vertical stripes and a slash. A key that is in both counts once. Where there is a
 * window, columns after a query's own position do not count for it.
 */
public final class Stripes extends Selection {
    private final int rowsPerList;
    private final int window;
    private final int[][] starts;
    private final int[][] columns;

    private Stripes(int rowsPerList, int window, int[][] starts, int[][] columns) {
        this.rowsPerList = rowsPerList;
        this.window = window;
        this.starts = starts;
        this.columns = columns;
    }

    /**
     * Stripes of every query head.
     *
     * @param rowsPerList queries that share a list, a multiple of 64
     * @param window keys up to and including the query's own (row + M - N) that it sees besides; 0
     *     for none
     * @param starts for each query head, ceil(N / rowsPerList) + 1 indices into its columns
     * @param columns for each query head, keys, rising within a list
     */
    public static Stripes of(int rowsPerList, int window, List<int[]> starts, List<int[]> columns) {
        if (rowsPerList < 64 || rowsPerList % 64 != 0 || window < 0) {
            throw new IllegalArgumentException(
                    "Stripes for " + rowsPerList + " queries, window " + window);
        }
        if (starts.size() != columns.size()) {
            throw new IllegalArgumentException(
                    starts.size() + " lists of starts, " + columns.size() + " of columns");
        }
        int heads = starts.size();
        int[][] ownStarts = new int[heads][];
        int[][] ownColumns = new int[heads][];
        for (int head = 0; head < heads; head++) {
            int[] s = starts.get(head).clone();
            int[] c = columns.get(head).clone();
            Columns.checkStarts(s, c.length, "Head " + head);
            for (int list = 0; list + 1 < s.length; list++) {
                Columns.checkRising(c, s[list], s[list + 1], "Head " + head + ", list " + list);
            }
            ownStarts[head] = s;
            ownColumns[head] = c;
        }
        return new Stripes(rowsPerList, window, ownStarts, ownColumns);
    }

    @Override
    public Sharing sharing() {
        return new Sharing(rowsPerList, Sharing.ALL, window);
    }

    @Override
    void check(AttentionInput input) {
        int lists = Math.ceilDiv(input.q().rows(), rowsPerList);
        if (starts.length != input.q().heads()) {
            throw new IllegalArgumentException(
                    starts.length + " heads with stripes for " + input.q().heads() + " heads");
        }
        for (int head = 0; head < starts.length; head++) {
            if (starts[head].length != lists + 1) {
                throw new IllegalArgumentException(
                        "Head "
                                + head
                                + " has "
                                + (starts[head].length - 1)
                                + " lists; "
                                + input.q().rows()
                                + " queries need "
                                + lists);
            }
            for (int list = 0; list < lists; list++) {
                if (starts[head][list + 1] > starts[head][list]) {
                    Columns.checkBelow(columns[head], starts[head][list + 1], input.k().rows());
                }
            }
        }
    }

    @Override
    int rowsTogether() {
        return rowsPerList;
    }

    @Override
    void visit(TileWork work, int head, int row0) {
        int list = row0 / rowsPerList;
        if (window == 0) {
            work.limitToMask();
        } else {
            work.limitBefore(window);
        }
        work.gather(columns[head], starts[head][list], starts[head][list + 1]);
        if (window > 0) {
            work.limitToWindow(window);
            work.range(work.windowStart(window), work.endKey());
        }
    }

    @Override
    int count(AttentionInput input, int head, int row) {
        return UNLISTED;
    }

    @Override
    void list(AttentionInput input, int head, int row, int from, int count, int[] keys) {
        throw new IllegalStateException("Stripes are worked on in tiles");
    }

    @Override
    void keys(Shape shape, int head, int row, Runs target) {
        int list = row / rowsPerList;
        int end = shape.end(row);
        int last = window == 0 ? shape.keys() : Math.max(0, end - window);
        for (int i = starts[head][list]; i < starts[head][list + 1]; i++) {
            if (columns[head][i] < last) {
                target.run(columns[head][i], columns[head][i] + 1);
            }
        }
        if (window > 0) {
            target.run(last, end);
        }
    }

    @Override
    public Selection head(Shape shape, int head) {
        int[][] start = {starts[head]};
        return new Stripes(rowsPerList, window, start, new int[][] {columns[head]});
    }
}
