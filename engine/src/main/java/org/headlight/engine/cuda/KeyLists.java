package org.headlight.engine.cuda;

import org.headlight.engine.attend.Selection;
import org.headlight.engine.task.Progress;

import java.util.Arrays;

/**
 * The keys of a selection as tiles for the kernels: for each group of queries of each head a list
 * of pairs. A pair is the first of up to {@code keys} keys in a row and their number; or, below 0,
 * -1 minus the place of the first of as many single keys in a list of columns, and their number.
 */
final class KeyLists {
    /** Runs shorter than this are gathered with others, longer ones are read in place. */
    private static final int SHORT = 32;

    private final Selection selection;
    private final Selection.Shape shape;
    private final int tileKeys;
    private final int groupRows;
    private final int groups;
    private final Ints begins = new Ints();
    private final Ints ends = new Ints();
    private final Ints pairs = new Ints();
    private final Ints columns = new Ints();
    private final int[] order;
    private int gathered;
    private long pairsOfKeys;

    /**
     * Lists the keys of some heads.
     *
     * @param kernel what will read the lists
     * @param firstHead of the heads
     */
    KeyLists(
            Selection selection,
            Selection.Shape shape,
            FlashKernel kernel,
            int firstHead,
            int heads,
            Progress progress) {
        this.selection = selection;
        this.shape = shape;
        this.tileKeys = kernel.keys();
        int rows = selection.sharing().rows();
        boolean one = rows == Selection.Sharing.ALL;
        this.groupRows = one ? Selection.Sharing.ALL : rows;
        this.groups = one ? 1 : Math.ceilDiv(shape.queries(), rows);
        for (int head = firstHead; head < firstHead + heads; head++) {
            progress.check();
            for (int group = 0; group < groups; group++) {
                begins.add(pairs.size() / 2);
                list(head, group);
                ends.add(pairs.size() / 2);
            }
        }
        int tiles = Math.ceilDiv(shape.queries(), kernel.rows());
        this.order = new int[heads * tiles];
        for (int head = 0; head < heads; head++) {
            sort(head, tiles, kernel.rows());
        }
    }

    private void list(int head, int group) {
        long first = (long) group * groupRows;
        int last = (int) Math.min(first + groupRows, shape.queries()) - 1;
        int window = selection.sharing().window();
        int offset = shape.keys() - shape.queries();
        int stop = window > 0 ? Math.max(0, last + 1 + offset - window) : shape.keys();
        gathered = columns.size();
        selection.runs(shape, head, last, (from, to) -> add(from, Math.min(to, stop), window > 0));
        flush();
        if (window > 0) {
            int from = (int) Math.max(0, first + 1 + offset - window);
            inPlace(from, Math.clamp(last + 1L + offset, 0, shape.keys()));
        }
        for (int i = begins.get(begins.size() - 1); i < pairs.size() / 2; i++) {
            pairsOfKeys += (long) pairs.get(2 * i + 1) * (last + 1 - first);
        }
    }

    /** A run of keys; single ones where a window follows, since they count before it only. */
    private void add(int from, int to, boolean single) {
        if (!single && to - from >= SHORT) {
            inPlace(from, to);
            return;
        }
        for (int key = from; key < to; key++) {
            columns.add(key);
            if (columns.size() - gathered == tileKeys) {
                flush();
            }
        }
    }

    private void inPlace(int from, int to) {
        for (int key = from; key < to; key += tileKeys) {
            pairs.add(key);
            pairs.add(Math.min(tileKeys, to - key));
        }
    }

    /** Ends a tile of single keys. */
    private void flush() {
        if (columns.size() > gathered) {
            pairs.add(-1 - gathered);
            pairs.add(columns.size() - gathered);
            gathered = columns.size();
        }
    }

    /** Orders the tiles of queries of a head by the length of their lists, the longest first. */
    private void sort(int head, int tiles, int tileRows) {
        long[] ranks = new long[tiles];
        for (int tile = 0; tile < tiles; tile++) {
            int group = head * groups + (int) ((long) tile * tileRows / groupRows);
            long length = (long) ends.get(group) - begins.get(group);
            ranks[tile] = -length << Integer.SIZE | (tiles - 1 - tile);
        }
        Arrays.sort(ranks);
        for (int i = 0; i < tiles; i++) {
            order[head * tiles + i] = tiles - 1 - (int) ranks[i];
        }
    }

    /** Lists of a head. */
    int groups() {
        return groups;
    }

    /** Queries that share a list. */
    int groupRows() {
        return groupRows;
    }

    Ints begins() {
        return begins;
    }

    Ints ends() {
        return ends;
    }

    Ints pairs() {
        return pairs;
    }

    Ints columns() {
        return columns;
    }

    /** For each block of threads of each head, its tile of queries. */
    int[] order() {
        return order;
    }

    /** Pairs of query and key that are listed. */
    long pairsOfKeys() {
        return pairsOfKeys;
    }
}
