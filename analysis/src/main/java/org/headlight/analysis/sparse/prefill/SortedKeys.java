package org.headlight.analysis.sparse.prefill;

import org.headlight.analysis.sparse.select.Best;
import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.attend.HeadArray;
import org.headlight.engine.capture.AttentionMask;

/** The keys of a head, sorted within the complete segments; keys after those stay in place. */
final class SortedKeys {
    private final int[] order;
    private final int segment;
    private final int block;
    private final int queries;

    /**
     * @param segment keys that are sorted among each other, a multiple of the block
     * @param values what the complete segments' keys are sorted by, the largest first
     */
    SortedKeys(AttentionInput input, int segment, int block, double[] values) {
        this.segment = segment;
        this.block = block;
        this.queries = input.q().rows();
        order = new int[input.k().rows()];
        for (int key = 0; key < order.length; key++) {
            order[key] = key;
        }
        double[] own = new double[segment];
        for (int from = 0; from < values.length; from += segment) {
            System.arraycopy(values, from, own, 0, segment);
            int[] ranked = Best.ranked(own, segment);
            for (int i = 0; i < segment; i++) {
                order[from + i] = from + ranked[i];
            }
        }
    }

    /** Queries and sorted keys of a block. */
    int block() {
        return block;
    }

    /** Queries. */
    int queries() {
        return queries;
    }

    /** Keys, M. */
    int keys() {
        return order.length;
    }

    /** Keys of complete segments. */
    int complete() {
        return order.length / segment * segment;
    }

    /** The original number of a sorted key. */
    int original(int sorted) {
        return order[sorted];
    }

    /** Where the block stands that holds the text's first key. */
    int blockOfFirst() {
        for (int i = 0; i < order.length; i++) {
            if (order[i] == 0) {
                return i / block;
            }
        }
        return 0;
    }

    /** The first key of the segment in which a block row's first query sits. */
    int ownFrom(int blockRow) {
        int position = blockRow * block + order.length - queries;
        return position / segment * segment;
    }

    /** One after the key of a block row's last query. */
    int ownTo(int blockRow) {
        return Math.min(queries, (blockRow + 1) * block) + order.length - queries;
    }

    /** The head alone with its keys sorted, for scores of blocks: causal by block, no values. */
    AttentionInput estimated(AttentionInput input, int head) {
        AttentionInput alone = input.head(head);
        HeadArray keys = sorted(alone.k());
        return alone.with(alone.q(), keys, keys)
                .withMask(AttentionMask.causal(order.length - queries));
    }

    private HeadArray sorted(HeadArray rows) {
        int width = rows.width();
        float[] values = new float[order.length * width];
        copySorted(rows, order.length, values);
        return HeadArray.headsFirst(values, 1, order.length, width);
    }

    /** Sorted rows of complete segments, and after them all rows as they were. */
    HeadArray sortedThenAll(HeadArray rows) {
        int width = rows.width();
        float[] values = new float[(complete() + order.length) * width];
        copySorted(rows, complete(), values);
        for (int key = 0; key < order.length; key++) {
            int to = (complete() + key) * width;
            System.arraycopy(rows.values(), rows.at(0, key), values, to, width);
        }
        return HeadArray.headsFirst(values, 1, complete() + order.length, width);
    }

    private void copySorted(HeadArray rows, int count, float[] target) {
        int width = rows.width();
        for (int i = 0; i < count; i++) {
            System.arraycopy(rows.values(), rows.at(0, order[i]), target, i * width, width);
        }
    }
}
