package org.headlight.analysis.sparse.prefill;

import org.headlight.analysis.sparse.select.Best;
import org.headlight.analysis.sparse.select.Pooled;
import org.headlight.analysis.sparse.select.Rows;
import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.attend.HeadArray;

import java.util.Arrays;
import java.util.List;

/** The search of HiP for one block of queries. */
final class HipSearch {
    /** Queries that share their keys. */
    static final int QUERIES = 64;

    private final AttentionInput input;
    private final int block;
    private final int queries;

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
    HipSearch(AttentionInput input, int block) {
        this.input = input;
        this.block = block;
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
            for (int i = 0; i < starts.length; i++) {
                int to = Math.min(end, starts[i] + stage.chunk);
                scores[i] = Math.max(scores[i], descend(q, head, starts[i], to));
            }
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

    /** The largest score met on the way to the key that halving finds. */
    private double descend(HeadArray q, int head, int from, int to) {
        double largest = Double.NEGATIVE_INFINITY;
        int left = from;
        int right = to;
        while (right - left > 1) {
            int middle = (left + right) / 2;
            double one = score(q, head, (left + middle) / 2);
            double other = score(q, head, (middle + right) / 2);
            largest = Math.max(largest, Math.max(one, other));
            if (one > other) {
                right = middle;
            } else {
                left = middle;
            }
        }
        return largest == Double.NEGATIVE_INFINITY ? score(q, head, left) : largest;
    }

    private double score(HeadArray q, int head, int key) {
        HeadArray k = input.k();
        int at = k.at(input.keyHead(head), key);
        double largest = Double.NEGATIVE_INFINITY;
        for (int row = 0; row < q.rows(); row++) {
            double dot = Rows.dot(q.values(), q.at(0, row), k.values(), at, q.width());
            largest = Math.max(largest, dot);
        }
        return largest;
    }
}
