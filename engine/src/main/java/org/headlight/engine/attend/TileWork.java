package org.headlight.engine.attend;

import org.headlight.engine.kernel.FlashTile;

/**
 * One thread's work on tiles of {@link #ROWS} queries of one head: takes keys in pieces, in any
 * order. Both halves of a tile use a piece while it is in the cache. Holds scratch memory; used
 * again for every tile.
 */
final class TileWork {
    /** Queries of a tile: two halves. */
    static final int ROWS = 2 * FlashTile.LANES;

    private static final int KEYS = FlashTile.KEYS;

    /** Numbers in a line of the cache. */
    private static final int LINE = 16;

    private final Call call;
    private final HalfTile upper;
    private final HalfTile lower;
    private float[] gatheredKeys = new float[0];
    private float[] gatheredValues = new float[0];
    private AttentionInput input;
    private int keyHead;
    private int row0;
    private boolean useUpper;
    private boolean useLower;

    /** Read by nobody; keeps the fetching from being left out. */
    @SuppressWarnings("unused")
    private float touched;

    TileWork(Call call) {
        this.call = call;
        this.input = call.input();
        this.upper = new HalfTile(call);
        this.lower = new HalfTile(call);
    }

    /** Gets ready for the tiles of a call. */
    void start() {
        upper.start();
        lower.start();
    }

    long pairs() {
        return upper.pairs() + lower.pairs();
    }

    long bytes() {
        return upper.bytes() + lower.bytes();
    }

    long weighed() {
        return upper.weighed() + lower.weighed();
    }

    /** From here on pieces are skipped whose weights against the maximum are below a limit. */
    void skipBelow(double limit) {
        upper.skipBelow(limit);
        lower.skipBelow(limit);
    }

    /** Computes one tile of queries of one head. */
    void run(int head, int firstRow) {
        input = call.input();
        row0 = firstRow;
        keyHead = input.keyHead(head);
        upper.begin(head, firstRow);
        lower.begin(head, firstRow + FlashTile.LANES);
        Selection selection = call.selection();
        if (selection.rowsTogether() % ROWS == 0) {
            visit(selection, head, true, true);
        } else {
            visit(selection, head, true, false);
            if (firstRow + FlashTile.LANES < input.q().rows()) {
                row0 += FlashTile.LANES;
                visit(selection, head, false, true);
            }
        }
        upper.finish(call.output(), head);
        lower.finish(call.output(), head);
    }

    private void visit(Selection selection, int head, boolean first, boolean second) {
        useUpper = first;
        useLower = second;
        selection.visit(this, head, row0);
    }

    /** The key head that the tile's query head uses. */
    int keyHead() {
        return keyHead;
    }

    /** The first key that any query of the tile may see. */
    int firstKey() {
        return Math.min(upper.firstKey(), lower.firstKey());
    }

    /** One after the last key that any query of the tile may see. */
    int endKey() {
        return Math.max(upper.endKey(), lower.endKey());
    }

    /** The first key in the window of the tile's first query. */
    int windowStart(int window) {
        return Math.max(0, row0 + input.k().rows() - input.q().rows() - window + 1);
    }

    private void hideAll() {
        upper.hideAll();
        lower.hideAll();
    }

    /** From here on a query sees what the mask lets it see. */
    void limitToMask() {
        hideAll();
        if (useUpper) {
            upper.limitToMask();
        }
        if (useLower) {
            lower.limitToMask();
        }
    }

    /** From here on a query sees, of that, its window of last keys. */
    void limitToWindow(int window) {
        hideAll();
        if (useUpper) {
            upper.limitToWindow(window);
        }
        if (useLower) {
            lower.limitToWindow(window);
        }
    }

    /** From here on a query sees, of that, what lies before its window. */
    void limitBefore(int window) {
        hideAll();
        if (useUpper) {
            upper.limitBefore(window);
        }
        if (useLower) {
            lower.limitBefore(window);
        }
    }

    /** Takes in a run of keys, as far as the limits reach. */
    void range(int start, int stop) {
        int last = Math.min(stop, endKey());
        for (int key = Math.max(start, firstKey()); key < last; key += KEYS) {
            int end = Math.min(key + KEYS, last);
            upper.take(keyHead, key, end);
            lower.take(keyHead, key, end);
        }
    }

    /**
     * Fetches the keys and values of a run into the cache, one number of each line: worth it where
     * a selection jumps, since the processor cannot foresee where to.
     */
    void fetch(int start, int stop) {
        touched += touch(input.k(), Math.max(start, firstKey()), Math.min(stop, endKey()));
        touched += touch(input.v(), Math.max(start, firstKey()), Math.min(stop, endKey()));
    }

    private float touch(HeadArray array, int start, int stop) {
        float[] values = array.values();
        float sum = 0;
        for (int row = start; row < stop; row++) {
            int at = array.at(keyHead, row);
            for (int i = 0; i < array.width(); i += LINE) {
                sum += values[at + i];
            }
        }
        return sum;
    }

    /** Takes in single keys, as far as the limits reach. */
    void gather(int[] columns, int start, int stop) {
        HeadArray k = input.k();
        HeadArray v = input.v();
        int depth = k.width();
        int width = v.width();
        if (gatheredKeys.length < KEYS * depth) {
            gatheredKeys = new float[KEYS * depth];
        }
        if (gatheredValues.length < KEYS * width) {
            gatheredValues = new float[KEYS * width];
        }
        int to = endKey();
        for (int i = start; i < stop && columns[i] < to; i += KEYS) {
            int keys = 0;
            while (keys < KEYS && i + keys < stop && columns[i + keys] < to) {
                int key = columns[i + keys];
                System.arraycopy(k.values(), k.at(keyHead, key), gatheredKeys, keys * depth, depth);
                System.arraycopy(
                        v.values(), v.at(keyHead, key), gatheredValues, keys * width, width);
                keys++;
            }
            upper.take(gatheredKeys, gatheredValues, columns, i, keys);
            lower.take(gatheredKeys, gatheredValues, columns, i, keys);
        }
    }
}
