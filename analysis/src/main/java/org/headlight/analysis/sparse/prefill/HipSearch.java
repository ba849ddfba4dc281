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
    private final TilePacker tile;
    private final float[] gathered;

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
        this.tile = new TilePacker(kernels, input.q().width());
        this.gathered = new float[TilePacker.KEYS * input.q().width()];
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
            HeadArray q = Pooled.means(own, stage.stride);
            tile.pack(q, 0, 0, q.rows(), 1);
            descend(head, q.rows(), starts, end, stage.chunk, scores);
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
     * @param rows queries in the tile
     * @param scores raised to the largest score met
     */
    private void descend(int head, int rows, int[] starts, int end, int chunk, double[] scores) {
        int[] left = starts.clone();
        int[] right = new int[left.length];
        for (int i = 0; i < left.length; i++) {
            right[i] = Math.min(end, left[i] + chunk);
        }
        int[] keys = new int[2 * left.length];
        for (int length = chunk; length > 1; length = (length + 1) / 2) {
            for (int i = 0; i < left.length; i++) {
                int middle = (left[i] + right[i]) / 2;
                keys[2 * i] = (left[i] + middle) / 2;
                keys[2 * i + 1] = (middle + right[i]) / 2;
            }
            float[] largest = largest(head, rows, keys);
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

    /** The largest score of each key over the queries of the tile. */
    private float[] largest(int head, int rows, int[] keys) {
        float[] largest = new float[keys.length];
        HeadArray k = input.k();
        int width = k.width();
        int keyHead = input.keyHead(head);
        for (int from = 0; from < keys.length; from += TilePacker.KEYS) {
            int count = Math.min(TilePacker.KEYS, keys.length - from);
            for (int i = 0; i < count; i++) {
                int at = k.at(keyHead, keys[from + i]);
                System.arraycopy(k.values(), at, gathered, i * width, width);
            }
            HeadArray some = HeadArray.headsFirst(gathered, 1, count, width);
            float[] scores = tile.scores(some, 0, 0, count);
            for (int i = 0; i < count; i++) {
                float most = Float.NEGATIVE_INFINITY;
                for (int lane = 0; lane < rows; lane++) {
                    most = Math.max(most, scores[i * TilePacker.LANES + lane]);
                }
                largest[from + i] = most;
            }
        }
        return largest;
    }
}
