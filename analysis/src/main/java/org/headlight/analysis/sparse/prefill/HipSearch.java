package org.headlight.analysis.sparse.prefill;

import org.headlight.analysis.sparse.select.Best;
import org.headlight.analysis.sparse.select.Causal;
import org.headlight.analysis.sparse.select.Pooled;
import org.headlight.analysis.sparse.select.TilePacker;
import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.attend.HeadArray;
import org.headlight.engine.kernel.AttentionKernels;

import java.util.Arrays;
import java.util.List;

/** The search of HiP for one block of queries. */
final class HipSearch {
    /** Queries that share their keys. */
    static final int QUERIES = 64;

    private final AttentionInput input;
    private final int block;
    private final int queries;
    private final AttentionKernels kernels;
    private final TilePacker tile;
    private final float[] most = new float[TilePacker.LANES];

    /**
     * A stage of the search.
     *
     * @param chunk keys of a chunk, a power of two
     * @param stride queries that are put into one
     * @param keep keys that remain
     */
    record Stage(int chunk, int stride, int keep) {}

    /**
     * @param block number of the block of queries
     */
    HipSearch(AttentionInput input, int block, AttentionKernels kernels) {
        this.input = input;
        this.block = block;
        this.kernels = kernels;
        this.tile = new TilePacker(kernels, input.q().width());
        this.queries = Math.min(QUERIES, input.q().rows() - block * QUERIES);
    }

    /**
     * The first keys of the chunks of the last stage that remain, rising.
     *
     * @param sink keys at the beginning that are not searched
     * @param window keys up to the first query's own that are not searched
     */
    int[] run(List<Stage> stages, int sink, int window) {
        int first = block * QUERIES + Causal.offset(input);
        int end = first - window + 1;
        if (end <= sink) {
            return new int[0];
        }
        int chunk = stages.getFirst().chunk;
        int[] starts = new int[Math.ceilDiv(end - sink, chunk)];
        for (int i = 0; i < starts.length; i++) {
            starts[i] = sink + i * chunk;
        }
        for (int s = 0; s < stages.size(); s++) {
            Stage stage = stages.get(s);
            starts = best(starts, end, stage);
            if (s + 1 < stages.size()) {
                starts = split(starts, stage.chunk, stages.get(s + 1).chunk, end);
            }
        }
        return starts;
    }

    /** The best chunks, by the largest score of any head. */
    private int[] best(int[] starts, int end, Stage stage) {
        int most = Math.max(1, stage.keep / stage.chunk);
        if (starts.length <= most) {
            return starts;
        }
        double[] scores = new double[starts.length];
        Arrays.fill(scores, Double.NEGATIVE_INFINITY);
        int from = block * QUERIES;
        for (int head = 0; head < input.q().heads(); head++) {
            HeadArray own = input.q().rows(head, from, from + queries);
            descend(head, Pooled.means(own, stage.stride), starts, end, stage.chunk, scores);
        }
        int[] chosen = Best.of(scores, scores.length, most);
        for (int i = 0; i < chosen.length; i++) {
            chosen[i] = starts[chosen[i]];
        }
        return chosen;
    }

    private static int[] split(int[] starts, int chunk, int next, int end) {
        int[] parts = new int[starts.length * (chunk / next)];
        int count = 0;
        for (int start : starts) {
            for (int part = start; part < Math.min(end, start + chunk); part += next) {
                parts[count++] = part;
            }
        }
        return Arrays.copyOf(parts, count);
    }

    /**
     * Halves every chunk until one key is left, into the half whose middle key scores more.
     *
     * @param q queries, one head
     * @param scores raised to the largest score met
     */
    private void descend(int head, HeadArray q, int[] starts, int end, int chunk, double[] scores) {
        int[] left = starts.clone();
        int[] right = new int[left.length];
        for (int i = 0; i < left.length; i++) {
            right[i] = Math.min(end, left[i] + chunk);
        }
        int[] keys = new int[2 * left.length];
        float[] largest = new float[2 * left.length];
        for (int length = chunk; length > 1; length = (length + 1) / 2) {
            for (int i = 0; i < left.length; i++) {
                int middle = (left[i] + right[i]) / 2;
                keys[2 * i] = (left[i] + middle) / 2;
                keys[2 * i + 1] = (middle + right[i]) / 2;
            }
            raise(head, q, keys, largest);
            for (int i = 0; i < left.length; i++) {
                float one = largest[2 * i];
                float other = largest[2 * i + 1];
                scores[i] = Math.max(scores[i], Math.max(one, other));
                int middle = (left[i] + right[i]) / 2;
                if (right[i] - left[i] == 1) {
                    continue;
                }
                if (one > other) {
                    right[i] = middle;
                } else {
                    left[i] = middle;
                }
            }
        }
    }

    /**
     * The largest score of each key over the queries: keys are the lanes, since there are more of
     * them.
     *
     * @param largest receives them
     */
    private void raise(int head, HeadArray q, int[] keys, float[] largest) {
        int keyHead = input.keyHead(head);
        for (int from = 0; from < keys.length; from += TilePacker.LANES) {
            int to = Math.min(keys.length, from + TilePacker.LANES);
            tile.pack(input.k(), keyHead, keys, from, to);
            float[] scores = tile.scores(q, 0, 0, q.rows());
            kernels.groupMax(scores, 0, q.rows(), 0, q.rows(), most);
            System.arraycopy(most, 0, largest, from, to - from);
        }
    }
}
