package org.headlight.analysis.sparse.prefill;

import org.headlight.engine.attend.Spans;

import java.util.Arrays;

/**
 * How the kernel of MInference reads columns and slashes: for each 64 queries, a slash becomes a
 * window of 64 keys, which begins anywhere; windows that touch are joined, a whole 64 at a time, so
 * that the last may reach further than its slash; a column that no window has is read by itself.
 */
final class SlashWindows {
    /** Queries that share a list, and keys of a window. */
    static final int WIDTH = 64;

    private final int[] columns;
    private final int[] distances;

    /**
     * @param columns keys, rising
     * @param distances how far back the slashes lie, rising; 0 is among them
     */
    SlashWindows(int[] columns, int[] distances) {
        this.columns = columns.clone();
        this.distances = distances.clone();
    }

    /** Keys that are kept for every query, rising. */
    int[] columns() {
        return columns.clone();
    }

    /** Distances that are kept for every query, rising. */
    int[] distances() {
        return distances.clone();
    }

    /**
     * Adds the keys of one group of queries, and ends its list.
     *
     * @param end one after the position of the group's last query, were it full
     * @param keys how many keys there are
     */
    void add(int end, int keys, Spans.Builder target) {
        int next = Arrays.binarySearch(distances, end);
        int slash = (next < 0 ? -next - 1 : next) - 1;
        int column = 0;
        int from = 0;
        int to = 0;
        for (; slash >= 0; slash--) {
            int bound = Math.max(WIDTH, end - distances[slash]);
            if (to > 0 && bound <= to) {
                continue;
            }
            if (to > 0 && bound <= to + WIDTH) {
                to += WIDTH;
                continue;
            }
            column = alone(column, from, to, keys, target);
            from = bound - WIDTH;
            to = bound;
        }
        alone(column, from, to, keys, target);
        target.next();
    }

    /** Adds the columns before a window, then the window; the next column after it. */
    private int alone(int first, int from, int to, int keys, Spans.Builder target) {
        int column = first;
        for (; column < columns.length && columns[column] < from; column++) {
            target.add(columns[column], columns[column] + 1);
        }
        target.add(from, Math.min(keys, to));
        while (column < columns.length && columns[column] < to) {
            column++;
        }
        return column;
    }
}
