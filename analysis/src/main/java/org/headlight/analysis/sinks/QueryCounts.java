package org.headlight.analysis.sinks;

import java.util.BitSet;

/**
 * How many queries could have given to each key: T - k for key k of a causal map, all T queries
 * where a query may look ahead. Queries that see nothing, such as padding, do not count.
 */
final class QueryCounts {
    private final int[] counts;

    private QueryCounts(int[] counts) {
        this.counts = counts;
    }

    /**
     * Counts.
     *
     * @param live the rows that see something
     * @param offset the key position of row 0
     * @param causal whether a query may look at its own and earlier positions only
     */
    static QueryCounts of(BitSet live, int rows, int keys, int offset, boolean causal) {
        int[] counts = new int[keys];
        int queries = live.cardinality();
        for (int key = 0; key < keys; key++) {
            counts[key] = queries;
            int row = key - offset;
            if (causal && row >= 0 && row < rows && live.get(row)) {
                queries--;
            }
        }
        return new QueryCounts(counts);
    }

    int at(int key) {
        return counts[key];
    }
}
