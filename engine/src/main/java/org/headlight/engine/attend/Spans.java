package org.headlight.engine.attend;

import org.headlight.engine.capture.AttentionMask;

import java.util.Arrays;

/**
 * Runs of keys for each group of queries: any selection that neighbouring queries share, down to
 * one query each. Runs of a group rise and do not overlap. A key after a query's own position does
 * not count where the mask is causal, since masks go on to hold.
 */
public final class Spans extends Selection {
    /** Runs shorter than this are gathered with others, longer ones are read in place. */
    static final int SHORT = 32;

    private final int rowsPerList;
    private final int[][] starts;
    private final int[][] bounds;
    private final int[][] columnStarts;
    private final int[][] columns;

    private Spans(int rowsPerList, int[][] starts, int[][] bounds) {
        this.rowsPerList = rowsPerList;
        this.starts = starts;
        this.bounds = bounds;
        this.columnStarts = new int[starts.length][];
        this.columns = new int[starts.length][];
        if (tiled()) {
            for (int head = 0; head < starts.length; head++) {
                gatherShort(head);
            }
        }
    }

    /** Lists the keys of the short runs, which are then read together. */
    private void gatherShort(int head) {
        int[] start = starts[head];
        int[] bound = bounds[head];
        int[] to = new int[start.length];
        int[] keys = new int[16];
        int count = 0;
        for (int list = 0; list + 1 < start.length; list++) {
            for (int i = start[list]; i < start[list + 1]; i++) {
                int from = bound[2 * i];
                int end = bound[2 * i + 1];
                if (end - from < SHORT) {
                    if (count + SHORT > keys.length) {
                        keys = Arrays.copyOf(keys, 2 * (count + SHORT));
                    }
                    for (int key = from; key < end; key++) {
                        keys[count++] = key;
                    }
                }
            }
            to[list + 1] = count;
        }
        columnStarts[head] = to;
        columns[head] = Arrays.copyOf(keys, count);
    }

    /** Queries that share a list. */
    public int rowsPerList() {
        return rowsPerList;
    }

    @Override
    boolean tiled() {
        return rowsPerList % 64 == 0;
    }

    @Override
    public Sharing sharing() {
        return new Sharing(tiled() ? rowsPerList : 0, Sharing.ALL, 0);
    }

    @Override
    void check(AttentionInput input) {
        int lists = Math.ceilDiv(input.q().rows(), rowsPerList);
        if (starts.length != input.q().heads()) {
            throw new IllegalArgumentException(
                    starts.length + " heads with spans for " + input.q().heads() + " heads");
        }
        for (int head = 0; head < starts.length; head++) {
            if (starts[head].length != lists + 1) {
                throw new IllegalArgumentException(
                        "Head "
                                + head
                                + " has "
                                + (starts[head].length - 1)
                                + " lists of "
                                + rowsPerList
                                + "; "
                                + input.q().rows()
                                + " queries need "
                                + lists);
            }
            for (int list = 0; list < lists; list++) {
                int end = starts[head][list + 1];
                if (end > starts[head][list] && bounds[head][2 * end - 1] > input.k().rows()) {
                    throw new IllegalArgumentException(
                            "A span ends at "
                                    + bounds[head][2 * end - 1]
                                    + "; there are "
                                    + input.k().rows()
                                    + " keys");
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
        work.limitToMask();
        work.gather(columns[head], columnStarts[head][list], columnStarts[head][list + 1]);
        for (int i = starts[head][list]; i < starts[head][list + 1]; i++) {
            int from = bounds[head][2 * i];
            int end = bounds[head][2 * i + 1];
            if (end - from >= SHORT) {
                work.range(from, end);
            }
        }
    }

    /**
     * Says which queries have which keys: flips the bit of a query where one of its runs begins and
     * where it ends, as far as the mask lets it see.
     *
     * @param rows queries from {@code row0} on, at most 64; bit i is that of query row0 + i
     * @param flips one element for each key and one more, all 0 before
     * @param bound receives the first element that was flipped and the last; the first is larger
     *     where none was
     * @return keys of all those queries together
     */
    long flip(AttentionInput input, int head, int row0, int rows, long[] flips, int[] bound) {
        AttentionMask mask = input.mask(head);
        int[] own = bounds[head];
        int lowest = Integer.MAX_VALUE;
        int highest = 0;
        long sum = 0;
        for (int i = 0; i < rows; i++) {
            int row = row0 + i;
            int first = Math.max(0, mask.firstKey(row));
            int last = Math.min(input.k().rows(), mask.endKey(row));
            int list = row / rowsPerList;
            for (int run = starts[head][list]; run < starts[head][list + 1]; run++) {
                int from = Math.max(first, own[2 * run]);
                int end = Math.min(last, own[2 * run + 1]);
                if (from < end) {
                    flips[from] ^= 1L << i;
                    flips[end] ^= 1L << i;
                    sum += end - from;
                    lowest = Math.min(lowest, from);
                    highest = Math.max(highest, end);
                }
            }
        }
        bound[0] = lowest;
        bound[1] = highest;
        return sum;
    }

    @Override
    int count(AttentionInput input, int head, int row) {
        int list = row / rowsPerList;
        int count = 0;
        for (int i = starts[head][list]; i < starts[head][list + 1]; i++) {
            count += bounds[head][2 * i + 1] - bounds[head][2 * i];
        }
        return count;
    }

    @Override
    void list(AttentionInput input, int head, int row, int from, int count, int[] keys) {
        int skip = from;
        int done = 0;
        for (int i = starts[head][row / rowsPerList]; done < count; i++) {
            int length = bounds[head][2 * i + 1] - bounds[head][2 * i];
            for (int key = Math.min(skip, length); key < length && done < count; key++) {
                keys[done++] = bounds[head][2 * i] + key;
            }
            skip = Math.max(0, skip - length);
        }
    }

    @Override
    void keys(Shape shape, int head, int row, Runs target) {
        int list = row / rowsPerList;
        for (int i = starts[head][list]; i < starts[head][list + 1]; i++) {
            target.run(bounds[head][2 * i], bounds[head][2 * i + 1]);
        }
    }

    @Override
    public Selection head(Shape shape, int head) {
        return new Spans(rowsPerList, new int[][] {starts[head]}, new int[][] {bounds[head]});
    }

    /**
     * Collects the lists: head by head, and within a head group by group, each from its first key
     * on. Runs that touch or overlap are joined.
     */
    public static final class Builder {
        private final int rowsPerList;
        private final int lists;
        private final int[][] starts;
        private final int[][] bounds;
        private int head;
        private int list;
        private int[] own = new int[64];
        private int runs;

        /**
         * @param heads query heads, H
         * @param queries N
         * @param rowsPerList queries that share a list, from a multiple of that many on: multiples
         *     of 64 are fastest; with any other number, neighbours whose lists have much in common
         *     are worked on together too, and the rest query by query
         */
        public Builder(int heads, int queries, int rowsPerList) {
            if (rowsPerList < 1) {
                throw new IllegalArgumentException("Lists for " + rowsPerList + " queries");
            }
            this.rowsPerList = rowsPerList;
            this.lists = Math.ceilDiv(queries, rowsPerList);
            this.starts = new int[heads][lists + 1];
            this.bounds = new int[heads][];
        }

        /** Adds keys to the list at hand; {@code start} is not before that of the run before. */
        public Builder add(int start, int end) {
            if (end <= start) {
                return this;
            }
            int first = starts[head][list];
            if (start < 0 || (runs > first && start < own[2 * runs - 2])) {
                throw new IllegalArgumentException(
                        "Head " + head + ", list " + list + ": " + start + " does not rise");
            }
            if (runs > first && start <= own[2 * runs - 1]) {
                own[2 * runs - 1] = Math.max(own[2 * runs - 1], end);
                return this;
            }
            if (2 * runs == own.length) {
                own = Arrays.copyOf(own, 2 * own.length);
            }
            own[2 * runs] = start;
            own[2 * runs + 1] = end;
            runs++;
            return this;
        }

        /** Ends the list at hand; the next list, or the next head, begins. */
        public Builder next() {
            starts[head][++list] = runs;
            if (list == lists) {
                bounds[head] = Arrays.copyOf(own, 2 * runs);
                head++;
                list = 0;
                runs = 0;
            }
            return this;
        }

        /** The selection; every list of every head has been ended. */
        public Spans build() {
            if (lists > 0 && head != starts.length) {
                throw new IllegalStateException(
                        "Lists of " + head + " of " + starts.length + " heads are there");
            }
            if (lists == 0) {
                Arrays.fill(bounds, new int[0]);
            }
            return new Spans(rowsPerList, starts, bounds);
        }
    }
}
