package org.headlight.engine.attend;

import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.kernel.FlashKernels;
import org.headlight.engine.kernel.FlashTile;

import java.util.Arrays;

/**
 * Up to 64 queries of one head with their running softmax: what they may see, and how a few keys
 * are taken in. Holds scratch memory; belongs to one thread and is used again for every tile.
 */
final class HalfTile {
    private static final int LANES = FlashTile.LANES;
    private static final float LOG2E = 1.442695f;
    private static final double LN2 = Math.log(2);

    private final FlashTile tile = new FlashTile();
    private final int[] maskFirst = new int[LANES];
    private final int[] maskEnd = new int[LANES];
    private final int[] first = new int[LANES];
    private final int[] end = new int[LANES];
    private final Call call;
    private FlashKernels kernels;
    private AttentionInput input;
    private AttentionMask mask;
    private int row0;
    private int rows;
    private int lastFirst;
    private int firstEnd;
    private int from;
    private int to;
    private boolean unbiased;
    private long pairs;
    private long bytes;
    private long weighed;

    /** Base-2 scores that far below a query's maximum do not count; negative infinity for none. */
    private float skip = Float.NEGATIVE_INFINITY;

    HalfTile(Call call) {
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
        weighed = 0;
        skip = Float.NEGATIVE_INFINITY;
    }

    long pairs() {
        return pairs;
    }

    long bytes() {
        return bytes;
    }

    long weighed() {
        return weighed;
    }

    /** From here on pieces are skipped whose weights against the maximum are below a limit. */
    void skipBelow(double limit) {
        skip = limit > 0 ? (float) (Math.log(limit) / LN2) : Float.NEGATIVE_INFINITY;
    }

    /** The first key that any of the queries may see, within the limits. */
    int firstKey() {
        return from;
    }

    /** One after the last key that any of the queries may see, within the limits. */
    int endKey() {
        return to;
    }

    /** Takes on the queries from a row of a head; there may be none left. */
    void begin(int head, int firstRow) {
        input = call.input();
        HeadArray q = input.q();
        row0 = firstRow;
        rows = Math.clamp(q.rows() - (long) firstRow, 0, LANES);
        if (rows == 0) {
            return;
        }
        mask = input.mask(head);
        unbiased = mask.unbiased();
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
    }

    private void readMask() {
        int keys = input.k().rows();
        for (int i = 0; i < LANES; i++) {
            int row = row0 + Math.min(i, rows - 1);
            maskFirst[i] = Math.max(0, mask.firstKey(row));
            maskEnd[i] = Math.min(keys, mask.endKey(row));
        }
    }

    /** Writes output and log-sum-exp. */
    void finish(AttentionOutput output, int head) {
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
        if (rows > 0) {
            HeadArray out = output.out();
            kernels.unpack(tile, out.values(), out.at(head, row0), out.rowStride(), rows);
        }
    }

    private int position(int lane) {
        return row0 + Math.min(lane, rows - 1) + input.k().rows() - input.q().rows();
    }

    /** From here on no query sees anything. */
    void hideAll() {
        from = Integer.MAX_VALUE;
        to = 0;
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
        hideAll();
        lastFirst = 0;
        firstEnd = Integer.MAX_VALUE;
        for (int i = 0; i < LANES && rows > 0; i++) {
            tile.first()[i] = first[i];
            tile.end()[i] = end[i];
            lastFirst = Math.max(lastFirst, first[i]);
            firstEnd = Math.min(firstEnd, end[i]);
            if (first[i] < end[i]) {
                from = Math.min(from, first[i]);
                to = Math.max(to, end[i]);
            }
        }
    }

    /** Takes in up to 64 keys that follow each other, as far as the limits reach. */
    void take(int keyHead, int start, int stop) {
        HeadArray k = input.k();
        HeadArray v = input.v();
        int key = Math.max(start, from);
        int keys = Math.min(stop, to) - key;
        if (keys <= 0) {
            return;
        }
        kernels.scores(tile, k.values(), k.at(keyHead, key), k.rowStride(), keys);
        capScores(keys);
        if (!unbiased) {
            for (int i = 0; i < keys; i++) {
                addBias(i, key + i);
            }
        }
        if (key < lastFirst || key + keys > firstEnd) {
            kernels.hide(tile, key, keys);
        }
        if (skip > Float.NEGATIVE_INFINITY && negligible(keys)) {
            pairs += (long) rows * keys;
            bytes += 4L * keys * tile.depth();
            return;
        }
        kernels.soften(tile, keys);
        kernels.weigh(tile, v.values(), v.at(keyHead, key), v.rowStride(), keys);
        count(keys);
    }

    /** Whether no query's scores at hand come near its maximum. */
    private boolean negligible(int keys) {
        float[] s = tile.scores();
        float[] max = tile.max();
        float[] most = tile.alpha();
        System.arraycopy(s, 0, most, 0, LANES);
        for (int i = 1; i < keys; i++) {
            for (int lane = 0; lane < LANES; lane++) {
                float score = s[i * LANES + lane];
                most[lane] = score > most[lane] ? score : most[lane];
            }
        }
        for (int lane = 0; lane < rows; lane++) {
            if (most[lane] - max[lane] >= skip) {
                return false;
            }
        }
        return true;
    }

    /** Takes in up to 64 keys from a list, whose keys and values were copied together. */
    void take(float[] k, float[] v, int[] columns, int start, int keys) {
        if (columns[start] >= to) {
            return;
        }
        kernels.scores(tile, k, 0, tile.depth(), keys);
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
        kernels.weigh(tile, v, 0, tile.width(), keys);
        count(keys);
    }

    /**
     * Takes in up to 64 keys that follow each other, each for the queries that have it.
     *
     * @param seen for each key of the text a set of queries: bit i for query i
     */
    void take(int keyHead, int key, int keys, long[] seen) {
        HeadArray k = input.k();
        HeadArray v = input.v();
        kernels.scores(tile, k.values(), k.at(keyHead, key), k.rowStride(), keys);
        capScores(keys);
        for (int i = 0; i < keys && !unbiased; i++) {
            addBias(i, key + i);
        }
        if (partial(seen, key, keys)) {
            kernels.hide(tile, seen, key, keys);
        }
        kernels.soften(tile, keys);
        kernels.weigh(tile, v.values(), v.at(keyHead, key), v.rowStride(), keys);
        count(keys);
    }

    /**
     * The same for keys from a list, whose keys, values and sets of queries were copied together.
     */
    void take(float[] k, float[] v, int[] columns, int keys, long[] seen) {
        kernels.scores(tile, k, 0, tile.depth(), keys);
        capScores(keys);
        for (int i = 0; i < keys && !unbiased; i++) {
            addBias(i, columns[i]);
        }
        if (partial(seen, 0, keys)) {
            kernels.hide(tile, seen, 0, keys);
        }
        kernels.soften(tile, keys);
        kernels.weigh(tile, v, 0, tile.width(), keys);
        count(keys);
    }

    /** Whether some query lacks some key. */
    private boolean partial(long[] seen, int at, int keys) {
        long all = -1L >>> (LANES - rows);
        for (int i = at; i < at + keys; i++) {
            if (seen[i] != all) {
                return true;
            }
        }
        return false;
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
        weighed += (long) rows * keys;
        bytes += 4L * keys * (tile.depth() + tile.width());
    }
}
