package org.headlight.analysis.rhythm;

import org.headlight.engine.sweep.RowBlock;

import java.util.Arrays;

/**
 * Sums down the columns of one head's map: over the queries within the horizon of a key, and over
 * the queries of sentences far enough behind a key's own.
 */
final class RhythmColumns {
    private static final int LANES = RowBlock.LANES;

    private final RhythmFrame frame;
    private final float[] weights = new float[LANES];
    private final float[] sums = new float[RowBlock.CHUNK];

    /** Sum over the queries that count, [N]. */
    final double[] fai;

    /** Sum over queries of A / (tokens of the query's sentence), [N]; empty without receivers. */
    final double[] vertical;

    RhythmColumns(RhythmFrame frame) {
        this.frame = frame;
        this.fai = new double[frame.positions()];
        this.vertical = new double[frame.hasReceivers() ? frame.positions() : 0];
    }

    void add(RhythmColumns other) {
        for (int i = 0; i < fai.length; i++) {
            fai[i] += other.fai[i];
        }
        for (int i = 0; i < vertical.length; i++) {
            vertical[i] += other.vertical[i];
        }
    }

    /**
     * Takes a block in.
     *
     * @param first position of the query in lane 0
     * @param lane0 first lane of the response
     */
    void accept(RowBlock block, int first, int lane0) {
        future(block, first, lane0);
    }

    /**
     * Takes some keys of a block in.
     *
     * @param first position of the query in lane 0
     * @param lane0 first lane of the response
     */
    void keys(RowBlock block, int first, int lane0, int from, int to) {
        if (vertical.length > 0 && to > frame.from()) {
            sentences(block, first, lane0, Math.max(from, frame.from()), to);
        }
    }

    /** Keys that the block's queries look back at within the horizon. */
    private void future(RowBlock block, int first, int lane0) {
        Horizon horizon = frame.horizon();
        int last = first + block.count - 1;
        int begin = (int) Math.max(block.key0, (long) first + lane0 - horizon.hi());
        int end = Math.min(block.key1, last - horizon.lo() + 1);
        for (int key = begin; key < end; key++) {
            int from = Math.max(lane0, horizon.first(key, frame.from()) - first);
            int to = Math.min(block.count, horizon.end(key, frame.positions()) - first);
            fai[key] += sum(block.p, (key - block.key0) * LANES, from, to);
        }
    }

    /**
     * What keys receive from sentences far enough behind them. A sentence counts for the keys
     * before a bound that grows from sentence to sentence, so keys between two bounds have the same
     * lanes.
     */
    private void sentences(RowBlock block, int first, int lane0, int from, int to) {
        Sentences all = frame.sentences();
        int lane = lane0;
        int key = from;
        weigh(all, first, lane0, block.count);
        while (lane < block.count && key < to) {
            int sentence = all.at(first + lane);
            int next = Math.min(block.count, all.end(sentence) - first);
            if (sentence >= frame.near()) {
                int end = Math.min(to, all.start(sentence - frame.near() + 1));
                if (end > key) {
                    add(block, key, end);
                    key = end;
                }
                Arrays.fill(weights, lane, next, 0);
            }
            lane = next;
        }
    }

    /** One over the tokens of its sentence for each lane, 0 where the sentence is too early. */
    private void weigh(Sentences all, int first, int lane0, int count) {
        Arrays.fill(weights, 0);
        int lane = lane0;
        while (lane < count) {
            int sentence = all.at(first + lane);
            int next = Math.min(count, all.end(sentence) - first);
            if (sentence >= frame.near()) {
                Arrays.fill(weights, lane, next, 1f / all.length(sentence));
            }
            lane = next;
        }
    }

    private void add(RowBlock block, int from, int to) {
        Arrays.fill(sums, 0, to - from, 0);
        block.columns(from, to, weights, sums);
        for (int key = from; key < to; key++) {
            vertical[key] += sums[key - from];
        }
    }

    /** Sum of some lanes of one key; four chains, so that additions need not wait. */
    private static float sum(float[] p, int at, int from, int to) {
        float a = 0;
        float b = 0;
        float c = 0;
        float d = 0;
        int lane = from;
        for (; lane + 3 < to; lane += 4) {
            a += p[at + lane];
            b += p[at + lane + 1];
            c += p[at + lane + 2];
            d += p[at + lane + 3];
        }
        for (; lane < to; lane++) {
            a += p[at + lane];
        }
        return a + b + (c + d);
    }
}
