package org.headlight.engine.attend;

import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.kernel.FlashKernels;
import org.headlight.engine.kernel.FlashTile;

import java.util.Arrays;

/**
 * One thread's work on tiles of 64 queries of one head: takes keys in pieces, in any order, and
 * keeps the running softmax. Holds scratch memory; used again for every tile.
 */
final class TileWork {
    private static final int LANES = FlashTile.LANES;
    private static final int KEYS = FlashTile.KEYS;
    private static final float LOG2E = 1.442695f;

    /** Numbers in a line of the cache. */
    private static final int LINE = 16;

    private static final double LN2 = Math.log(2);

    private final FlashTile tile = new FlashTile();
    private final int[] maskFirst = new int[LANES];
    private final int[] maskEnd = new int[LANES];
    private final int[] first = new int[LANES];
    private final int[] end = new int[LANES];
    private float[] gatheredKeys = new float[0];
    private float[] gatheredValues = new float[0];

    private final Call call;
    private FlashKernels kernels;
    private AttentionInput input;
    private AttentionMask mask;
    private int keyHead;
    private int row0;
    private int rows;
    private int lastFirst;
    private int firstEnd;
    private int from;
    private int to;
    private boolean unbiased;

    /** Read by nobody; keeps the fetching from being left out. */
    @SuppressWarnings("unused")
    private float touched;

    private long pairs;
    private long bytes;

    TileWork(Call call) {
        this.call = call;
        this.kernels = call.kernels();
        this.input = call.input();
        this.mask = input.mask(0);
    }

    /** Gets ready for the tiles of a call. */
    void start() {
        kernels = call.kernels();
        tile.shape(call.input().q().width(), call.input().v().width());
        pairs = 0;
        bytes = 0;
    }

    long pairs() {
        return pairs;
    }

    long bytes() {
        return bytes;
    }

    /** Computes one tile of queries of one head. */
    void run(int head, int firstRow) {
        input = call.input();
        HeadArray q = input.q();
        row0 = firstRow;
        rows = Math.min(LANES, q.rows() - firstRow);
        mask = input.mask(head);
        unbiased = mask.unbiased();
        keyHead = input.keyHead(head);
        float factor =
                input.softCap() > 0 ? input.scale() / input.softCap() : input.scale() * LOG2E;
        kernels.pack(tile, q.values(), q.at(head, row0), q.rowStride(), rows, factor);
        Arrays.fill(tile.output(), 0, tile.width() * LANES, 0);
        float sink = input.sink(head);
        boolean sunk = sink > FlashTile.NOTHING;
        Arrays.fill(tile.max(), sunk ? sink * LOG2E : FlashTile.NOTHING);
        Arrays.fill(tile.sum(), sunk ? 1 : 0);
        bytes += 4L * rows * q.width();
        readMask();
        call.selection().visit(this, head, row0, rows);
        finish(call.output(), head);
    }

    private void readMask() {
        int keys = input.k().rows();
        for (int i = 0; i < LANES; i++) {
            int row = row0 + Math.min(i, rows - 1);
            maskFirst[i] = Math.max(0, mask.firstKey(row));
            maskEnd[i] = Math.min(keys, mask.endKey(row));
        }
    }

    private void finish(AttentionOutput output, int head) {
        float[] max = tile.max();
        float[] sum = tile.sum();
        float[] factor = tile.alpha();
        int at = head * input.q().rows() + row0;
        for (int i = 0; i < rows; i++) {
            boolean empty = max[i] <= FlashTile.NOTHING;
            factor[i] = empty ? 0 : 1 / sum[i];
            output.lse()[at + i] =
                    empty ? Float.NEGATIVE_INFINITY : (float) (LN2 * max[i] + Math.log(sum[i]));
        }
        HeadArray out = output.out();
        kernels.unpack(tile, out.values(), out.at(head, row0), out.rowStride(), rows);
    }

    /** The key head that the tile's query head uses. */
    int keyHead() {
        return keyHead;
    }

    /** The first key that any query of the tile may see. */
    int firstKey() {
        return from;
    }

    /** One after the last key that any query of the tile may see. */
    int endKey() {
        return to;
    }

    /** The first key in the window of the tile's first query. */
    int windowStart(int window) {
        return Math.max(0, position(0) - window + 1);
    }

    private int position(int lane) {
        return row0 + Math.min(lane, rows - 1) + input.k().rows() - input.q().rows();
    }

    /** From here on a query sees what the mask lets it see. */
    void limitToMask() {
        System.arraycopy(maskFirst, 0, first, 0, LANES);
        System.arraycopy(maskEnd, 0, end, 0, LANES);
        limited();
    }

    /** From here on a query sees, of that, its window of last keys. */
    void limitToWindow(int window) {
        for (int i = 0; i < LANES; i++) {
            int position = position(i);
            first[i] = Math.max(maskFirst[i], position - window + 1);
            end[i] = Math.min(maskEnd[i], position + 1);
        }
        limited();
    }

    /** From here on a query sees, of that, what lies before its window. */
    void limitBefore(int window) {
        for (int i = 0; i < LANES; i++) {
            first[i] = maskFirst[i];
            end[i] = Math.min(maskEnd[i], position(i) - window + 1);
        }
        limited();
    }

    private void limited() {
        from = Integer.MAX_VALUE;
        to = 0;
        lastFirst = 0;
        firstEnd = Integer.MAX_VALUE;
        for (int i = 0; i < LANES; i++) {
            tile.first()[i] = first[i];
            tile.end()[i] = end[i];
            lastFirst = Math.max(lastFirst, first[i]);
            firstEnd = Math.min(firstEnd, end[i]);
            if (first[i] < end[i]) {
                from = Math.min(from, first[i]);
                to = Math.max(to, end[i]);
            }
        }
        from = Math.min(from, to);
    }

    /**
     * Fetches the keys and values of a run into the cache, one number of each line: worth it where
     * a selection jumps, since the processor cannot foresee where to.
     */
    void fetch(int start, int stop) {
        touched += touch(input.k(), Math.max(start, from), Math.min(stop, to));
        touched += touch(input.v(), Math.max(start, from), Math.min(stop, to));
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

    /** Takes in a run of keys, as far as the limits reach. */
    void range(int start, int stop) {
        HeadArray k = input.k();
        HeadArray v = input.v();
        int last = Math.min(stop, to);
        for (int key = Math.max(start, from); key < last; key += KEYS) {
            int keys = Math.min(KEYS, last - key);
            kernels.scores(tile, k.values(), k.at(keyHead, key), k.rowStride(), keys);
            settle(key, keys);
            kernels.weigh(tile, v.values(), v.at(keyHead, key), v.rowStride(), keys);
        }
    }

    /** Takes in single keys, as far as the limits reach. */
    void gather(int[] columns, int start, int stop) {
        HeadArray k = input.k();
        HeadArray v = input.v();
        int depth = tile.depth();
        int width = tile.width();
        if (gatheredKeys.length < KEYS * depth) {
            gatheredKeys = new float[KEYS * depth];
        }
        if (gatheredValues.length < KEYS * width) {
            gatheredValues = new float[KEYS * width];
        }
        for (int i = start; i < stop && columns[i] < to; i += KEYS) {
            int keys = 0;
            while (keys < KEYS && i + keys < stop && columns[i + keys] < to) {
                int key = columns[i + keys];
                System.arraycopy(k.values(), k.at(keyHead, key), gatheredKeys, keys * depth, depth);
                System.arraycopy(
                        v.values(), v.at(keyHead, key), gatheredValues, keys * width, width);
                keys++;
            }
            kernels.scores(tile, gatheredKeys, 0, depth, keys);
            settle(columns, i, keys);
            kernels.weigh(tile, gatheredValues, 0, width, keys);
        }
    }

    /** From raw scores to probabilities, for keys that follow each other. */
    private void settle(int key, int keys) {
        capScores(keys);
        if (!unbiased) {
            for (int i = 0; i < keys; i++) {
                addBias(i, key + i);
            }
        }
        if (key < lastFirst || key + keys > firstEnd) {
            kernels.hide(tile, key, keys);
        }
        kernels.soften(tile, keys);
        count(keys);
    }

    /** The same for keys from a list. */
    private void settle(int[] columns, int start, int keys) {
        capScores(keys);
        float[] s = tile.scores();
        for (int i = 0; i < keys; i++) {
            int key = columns[start + i];
            if (!unbiased) {
                addBias(i, key);
            }
            if (key < lastFirst || key >= firstEnd) {
                for (int lane = 0; lane < LANES; lane++) {
                    if (key < first[lane] || key >= end[lane]) {
                        s[i * LANES + lane] = Float.NEGATIVE_INFINITY;
                    }
                }
            }
        }
        kernels.soften(tile, keys);
        count(keys);
    }

    private void capScores(int keys) {
        if (input.softCap() > 0) {
            kernels.cap(tile.scores(), keys * LANES, input.softCap() * LOG2E);
        }
    }

    private void addBias(int index, int key) {
        float[] s = tile.scores();
        for (int lane = 0; lane < rows; lane++) {
            if (key >= first[lane] && key < end[lane]) {
                s[index * LANES + lane] += LOG2E * mask.bias(row0 + lane, key);
            }
        }
    }

    private void count(int keys) {
        pairs += (long) rows * keys;
        bytes += 4L * keys * (tile.depth() + tile.width());
    }
}
