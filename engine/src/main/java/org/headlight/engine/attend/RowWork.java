package org.headlight.engine.attend;

import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.kernel.FlashKernels;
import org.headlight.engine.kernel.FlashRow;
import org.headlight.engine.kernel.FlashTile;

/**
 * One thread's work on single queries: a query against up to 512 keys of its list gives a part, and
 * the parts of a query are merged when all are done. So a step of decoding, which has one query and
 * many keys, keeps all threads busy.
 */
final class RowWork {
    private static final float LOG2E = 1.442695f;

    private final FlashRow row = new FlashRow();
    private final Call call;
    private long pairs;
    private long bytes;
    private float[] own = new float[0];

    RowWork(Call call) {
        this.call = call;
    }

    /** Gets ready for the parts of a call. */
    void start() {
        AttentionInput input = call.input();
        row.shape(input.q().width(), input.v().width());
        pairs = 0;
        bytes = 0;
    }

    long pairs() {
        return pairs;
    }

    long bytes() {
        return bytes;
    }

    /**
     * One query against one piece of its list.
     *
     * @param item number of the query, over all heads
     * @param from index of the piece's first key in the query's list
     * @param parts receives maximum, sum and output (Dv numbers) from {@code at}
     */
    void run(int item, int from, float[] parts, int at) {
        AttentionInput input = call.input();
        FlashKernels kernels = call.kernels();
        HeadArray q = input.q();
        HeadArray k = input.k();
        HeadArray v = input.v();
        int head = item / q.rows();
        int query = item % q.rows();
        int keyHead = input.keyHead(head);
        int count = visible(head, query, from);
        parts[at] = FlashTile.NOTHING;
        parts[at + 1] = 0;
        if (count == 0) {
            return;
        }
        boolean capped = input.softCap() > 0;
        float factor = capped ? input.scale() / input.softCap() : input.scale() * LOG2E;
        int first = q.at(head, query);
        for (int c = 0; c < row.depth(); c++) {
            row.query()[c] = q.values()[first + c] * factor;
        }
        kernels.dots(row, k.values(), k.at(keyHead, 0), k.rowStride(), count);
        if (capped) {
            kernels.cap(row.scores(), count, input.softCap() * LOG2E);
        }
        AttentionMask mask = input.mask(head);
        if (!mask.unbiased()) {
            for (int i = 0; i < count; i++) {
                row.scores()[i] += LOG2E * mask.bias(query, row.keys()[i]);
            }
        }
        kernels.soften(row, count);
        kernels.weigh(row, v.values(), v.at(keyHead, 0), v.rowStride(), count);
        parts[at] = row.max();
        parts[at + 1] = row.sum();
        System.arraycopy(row.output(), 0, parts, at + 2, row.width());
        pairs += count;
        bytes += 4L * count * (row.depth() + row.width());
    }

    /** One query of one head with its whole list, whose parts are merged at once. */
    void run(int item) {
        run(item, 1);
    }

    /** One query of all heads that share keys: each piece of the keys is read by all in turn. */
    void runGroup(int keyHead, int query) {
        int group = call.input().q().heads() / call.input().k().heads();
        run(keyHead * group * rows() + query, group);
    }

    /** The query of a number, and the same query of the next heads. */
    private void run(int item, int heads) {
        int longest = 0;
        for (int i = 0; i < heads; i++) {
            int number = item + i * rows();
            int count = call.selection().count(call.input(), number / rows(), number % rows());
            longest = Math.max(longest, count);
        }
        int pieces = Math.max(1, Math.ceilDiv(longest, FlashRow.KEYS));
        int part = row.width() + 2;
        if (own.length < heads * pieces * part) {
            own = new float[heads * pieces * part];
        }
        for (int piece = 0; piece < pieces; piece++) {
            for (int i = 0; i < heads; i++) {
                int at = (i * pieces + piece) * part;
                run(item + i * rows(), piece * FlashRow.KEYS, own, at);
            }
        }
        for (int i = 0; i < heads; i++) {
            merge(call, item + i * rows(), own, i * pieces * part, pieces);
        }
    }

    private int rows() {
        return call.input().q().rows();
    }

    /** Lists the piece's keys and drops those that the mask hides; returns how many remain. */
    private int visible(int head, int query, int from) {
        AttentionInput input = call.input();
        Selection selection = call.selection();
        int listed = Math.min(FlashRow.KEYS, selection.count(input, head, query) - from);
        if (listed <= 0) {
            return 0;
        }
        int[] keys = row.keys();
        selection.list(input, head, query, from, listed, keys);
        AttentionMask mask = input.mask(head);
        int first = Math.max(0, mask.firstKey(query));
        int end = Math.min(input.k().rows(), mask.endKey(query));
        if (keys[0] >= first && keys[listed - 1] < end) {
            return listed;
        }
        int count = 0;
        for (int i = 0; i < listed; i++) {
            int key = keys[i];
            if (key >= first && key < end) {
                keys[count++] = key;
            }
        }
        return count;
    }

    /** Merges the parts of one query, which begin at an index, and writes the result. */
    static void merge(Call call, int item, float[] parts, int at, int pieces) {
        AttentionInput input = call.input();
        AttentionOutput output = call.output();
        HeadArray out = output.out();
        int head = item / out.rows();
        int width = out.width();
        int part = width + 2;
        float sink = input.sink(head);
        boolean sunk = sink > FlashTile.NOTHING;
        double max = sunk ? sink * (double) LOG2E : FlashTile.NOTHING;
        for (int piece = 0; piece < pieces; piece++) {
            max = Math.max(max, parts[at + piece * part]);
        }
        int to = out.at(head, item % out.rows());
        for (int d = 0; d < width; d++) {
            out.values()[to + d] = 0;
        }
        if (max <= FlashTile.NOTHING) {
            output.lse()[item] = Float.NEGATIVE_INFINITY;
            return;
        }
        double sum = sunk ? Math.pow(2, sink * (double) LOG2E - max) : 0;
        for (int piece = 0; piece < pieces; piece++) {
            sum += Math.pow(2, parts[at + piece * part] - max) * parts[at + piece * part + 1];
        }
        for (int piece = 0; piece < pieces; piece++) {
            int from = at + piece * part;
            if (parts[from] > FlashTile.NOTHING) {
                float weight = (float) (Math.pow(2, parts[from] - max) / sum);
                for (int d = 0; d < width; d++) {
                    out.values()[to + d] += weight * parts[from + 2 + d];
                }
            }
        }
        output.lse()[item] = (float) (Math.log(2) * max + Math.log(sum));
    }
}
