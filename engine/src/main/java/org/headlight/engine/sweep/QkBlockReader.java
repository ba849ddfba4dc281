package org.headlight.engine.sweep;

import static org.headlight.engine.kernel.AttentionKernels.LANES;
import static org.headlight.engine.kernel.AttentionKernels.LOG2E;

import org.headlight.engine.capture.QkHead;
import org.headlight.engine.kernel.AttentionKernels;
import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * Computes blocks of a map from queries and keys. A sink logit is no key: it takes part in the sum
 * that a row is divided by, and in nothing else.
 */
final class QkBlockReader implements BlockReader {
    private static final float MASKED = Float.NEGATIVE_INFINITY;
    private static final double LN2 = Math.log(2);

    private final QkHead head;
    private final Visibility visibility;
    private final AttentionKernels kernels;
    private final KeyRows keys;
    private final @Nullable SoftCap softCap;
    private final int depth;
    private final float[] row;
    private final float[] queries;
    private final float[] chunk = new float[CHUNK * LANES];
    private final float[] stash;
    private final float[] max = new float[LANES];
    private final float[] sum = new float[LANES];
    private final float[] weighted = new float[LANES];
    private final float[] inverse = new float[LANES];

    /** What the sink logit adds to each row's sum; 0 without one. */
    private final double[] sunk = new double[LANES];

    /** Which lanes are no row, or one without visible keys. */
    private final boolean[] blind = new boolean[LANES];

    private final float[] unused = new float[LANES];
    private int row0;
    private int count;
    private int step = 1;
    private int key0;
    private int key1;

    QkBlockReader(QkHead head, Visibility visibility, AttentionKernels kernels, KeyRows keys) {
        this.head = head;
        this.visibility = visibility;
        this.kernels = kernels;
        this.keys = keys;
        this.softCap = head.softcap() > 0 ? new SoftCap(head.softcap()) : null;
        this.depth = head.q().cols();
        this.row = new float[depth];
        this.queries = new float[Math.max(1, depth * LANES)];
        this.stash = new float[visibility.excludedCount() * LANES];
    }

    @Override
    public void select(int row0, int count, int step) {
        this.row0 = row0;
        this.count = count;
        this.step = step;
        if (count < LANES) {
            Arrays.fill(queries, 0);
        }
        key0 = Integer.MAX_VALUE;
        key1 = 0;
        float factor = head.scale() * LOG2E;
        for (int lane = 0; lane < count; lane++) {
            int r = row0 + lane * step;
            head.q().copyRows(r, r + 1, row, 0);
            for (int c = 0; c < depth; c++) {
                queries[c * LANES + lane] = row[c] * factor;
            }
            int first = visibility.first(r);
            int end = visibility.end(r);
            if (end > first) {
                key0 = Math.min(key0, first);
                key1 = Math.max(key1, end);
            }
        }
        key0 = Math.min(key0, key1);
    }

    @Override
    public void fill(RowBlock block, Filled filled) {
        block.row0 = row0;
        block.count = count;
        block.rowStep = step;
        block.key0 = key0;
        block.key1 = key1;
        int floats = Math.multiplyExact(key1 - key0, LANES);
        if (block.p.length < floats) {
            block.p = new float[floats];
        }
        clear();
        for (int key = key0; key < key1; key += CHUNK) {
            int end = Math.min(key1, key + CHUNK);
            int offset = (key - key0) * LANES;
            scores(key, end, block.p, offset);
            kernels.accumulate(block.p, offset, end - key, max, sum, weighted);
        }
        describe(block);
        System.arraycopy(max, 0, block.max, 0, LANES);
        System.arraycopy(inverse, 0, block.inverse, 0, LANES);
        Arrays.fill(block.least, Float.POSITIVE_INFINITY);
        for (int key = key0; key < key1; key += RowBlock.CHUNK) {
            int end = Math.min(key1, key + RowBlock.CHUNK);
            int offset = (key - key0) * LANES;
            kernels.normalize(block.p, offset, end - key, max, inverse, block.least);
            filled.keys(key, end);
        }
    }

    @Override
    public void norms(float[] targetMax, float[] targetInverse) {
        clear();
        for (int key = key0; key < key1; key += CHUNK) {
            int end = Math.min(key1, key + CHUNK);
            scores(key, end, chunk, 0);
            kernels.accumulate(chunk, 0, end - key, max, sum, weighted);
        }
        close();
        System.arraycopy(max, 0, targetMax, 0, LANES);
        System.arraycopy(inverse, 0, targetInverse, 0, LANES);
    }

    @Override
    public void scores(int from, int to, float[] target, int offset) {
        for (int key = from; key < to; key += CHUNK) {
            int end = Math.min(to, key + CHUNK);
            int at = offset + (key - from) * LANES;
            int start = keys.load(key, end);
            kernels.scores(queries, depth, keys.array(), start, end - key, target, at);
            if (softCap != null) {
                softCap.apply(target, at, at + (end - key) * LANES);
            }
            if (visibility.biased()) {
                addBias(key, end, target, at);
            }
            for (int i = 0; i < visibility.excludedCount(); i++) {
                int excluded = visibility.excluded(i);
                if (excluded >= key && excluded < end) {
                    int cell = at + (excluded - key) * LANES;
                    System.arraycopy(target, cell, stash, i * LANES, LANES);
                    Arrays.fill(target, cell, cell + LANES, MASKED);
                }
            }
            mask(key, end, target, at);
        }
    }

    @Override
    public void finish(float[] scores, int offset, int rows, float[] rowMax, float[] rowInverse) {
        kernels.normalize(scores, offset, rows, rowMax, rowInverse, unused);
    }

    private void clear() {
        Arrays.fill(max, MASKED);
        Arrays.fill(sum, 0);
        Arrays.fill(weighted, 0);
        Arrays.fill(stash, MASKED);
    }

    /** Ends the running softmax: after it, max is finite and inverse holds one over the sum. */
    private void close() {
        double sink = (double) head.sink() * LOG2E;
        for (int lane = 0; lane < LANES; lane++) {
            blind[lane] = lane >= count || max[lane] == MASKED;
            sunk[lane] = blind[lane] || head.sink() == MASKED ? 0 : Math.pow(2, sink - max[lane]);
            inverse[lane] = blind[lane] ? 0 : (float) (1 / (sum[lane] + sunk[lane]));
            max[lane] = blind[lane] ? 0 : max[lane];
        }
    }

    private void describe(RowBlock block) {
        close();
        for (int lane = 0; lane < LANES; lane++) {
            block.dropped[lane] = dropped(lane);
            block.mass[lane] = blind[lane] ? 0 : mass(lane);
            block.lse[lane] = blind[lane] ? MASKED : lse(lane);
            block.entropy[lane] = blind[lane] ? 0 : (float) Math.max(0, entropy(lane));
        }
    }

    private float mass(int lane) {
        return sunk[lane] == 0 ? 1 : (float) (1 / (1 + sunk[lane] / sum[lane]));
    }

    private float lse(int lane) {
        double all = sum[lane] + sunk[lane];
        // A sink so far above every score that their quotient is no number stands alone.
        return all == Double.POSITIVE_INFINITY
                ? head.sink()
                : (float) (max[lane] * LN2 + Math.log(all));
    }

    /** -sum p ln p over the keys. */
    private double entropy(int lane) {
        double all = sum[lane] + sunk[lane];
        return all == Double.POSITIVE_INFINITY
                ? 0
                : (sum[lane] * Math.log(all) - LN2 * weighted[lane]) / all;
    }

    /** Share of the row's mass on excluded keys. */
    private float dropped(int lane) {
        if (stash.length == 0 || lane >= count) {
            return 0;
        }
        int r = row0 + lane * step;
        double lost = 0;
        for (int i = 0; i < visibility.excludedCount(); i++) {
            int key = visibility.excluded(i);
            if (key >= visibility.first(r) && key < visibility.end(r)) {
                lost += Math.pow(2, (double) stash[i * LANES + lane] - max[lane]);
            }
        }
        if (lost == 0) {
            return 0;
        }
        double alone = head.sink() == MASKED ? 0 : Math.pow(2, (double) head.sink() * LOG2E);
        double kept = blind[lane] ? alone : sum[lane] + sunk[lane];
        return (float) (1 / (1 + kept / lost));
    }

    private void addBias(int from, int to, float[] target, int offset) {
        for (int lane = 0; lane < count; lane++) {
            int r = row0 + lane * step;
            int first = Math.max(from, visibility.first(r));
            int end = Math.min(to, visibility.end(r));
            for (int key = first; key < end; key++) {
                target[offset + (key - from) * LANES + lane] += visibility.bias(r, key) * LOG2E;
            }
        }
    }

    private void mask(int from, int to, float[] target, int offset) {
        for (int lane = 0; lane < count; lane++) {
            int r = row0 + lane * step;
            int first = Math.min(to, visibility.first(r));
            int end = Math.max(from, visibility.end(r));
            for (int key = from; key < first; key++) {
                target[offset + (key - from) * LANES + lane] = MASKED;
            }
            for (int key = end; key < to; key++) {
                target[offset + (key - from) * LANES + lane] = MASKED;
            }
        }
    }
}
