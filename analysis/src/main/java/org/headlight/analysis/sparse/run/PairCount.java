package org.headlight.analysis.sparse.run;

import org.headlight.engine.capture.AttentionMask;

/** Counts the pairs of a head that are visible, and those of them that are kept. */
final class PairCount {
    private final AttentionMask mask;
    private final int keys;
    private int[] kept = new int[0];
    private boolean[] first = new boolean[0];
    private boolean[] whole = new boolean[0];
    private long keptPairs;
    private long visiblePairs;

    PairCount(AttentionMask mask, int keys) {
        this.mask = mask;
        this.keys = keys;
    }

    /** Counts what a map keeps. */
    void count(KeptMap map) {
        int rows = map.shape().queries();
        kept = new int[rows];
        first = new boolean[rows];
        whole = new boolean[rows];
        for (int row = 0; row < rows; row++) {
            int from = Math.max(0, mask.firstKey(row));
            int end = Math.min(keys, mask.endKey(row));
            int own = row;
            map.runs(
                    map.from() + row,
                    (start, stop) -> {
                        int a = Math.max(start, from);
                        int b = Math.min(stop, end);
                        kept[own] += visible(own, a, b);
                        first[own] |= a == 0 && b > 0;
                    });
            int seen = visible(row, from, end);
            whole[row] = kept[row] == seen;
            keptPairs += kept[row];
            visiblePairs += seen;
        }
    }

    /** Counts the visible pairs alone. */
    void visible(int rows) {
        for (int row = 0; row < rows; row++) {
            visiblePairs +=
                    visible(row, Math.max(0, mask.firstKey(row)), Math.min(keys, mask.endKey(row)));
        }
    }

    private int visible(int row, int from, int end) {
        if (mask.unbiased()) {
            return Math.max(0, end - from);
        }
        int count = 0;
        for (int key = from; key < end; key++) {
            count += mask.masked(row, key) ? 0 : 1;
        }
        return count;
    }

    /** Visible keys that a row keeps. */
    int keptIn(int row) {
        return kept[row];
    }

    /** Whether a row keeps key 0. */
    boolean first(int row) {
        return first[row];
    }

    /** Whether a row keeps all that it sees. */
    boolean whole(int row) {
        return whole[row];
    }

    /** Kept pairs that are visible. */
    long kept() {
        return keptPairs;
    }

    /** Visible pairs. */
    long visible() {
        return visiblePairs;
    }
}
