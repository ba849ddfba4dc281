package org.headlight.engine.sweep;

import static org.headlight.engine.kernel.AttentionKernels.LANES;

import org.headlight.engine.capture.ProbabilityHead;

import java.util.Arrays;

/**
 * Reads blocks of a map that was dumped as probabilities. Its "scores" are the probabilities
 * themselves, negative infinity where masked; rows are rescaled only when keys are excluded.
 */
final class ProbabilityBlockReader implements BlockReader {
    private static final float MASKED = Float.NEGATIVE_INFINITY;

    private final ProbabilityHead head;
    private final Visibility visibility;
    private final float[] row;
    private int row0;
    private int count;
    private int step = 1;
    private int key0;
    private int key1;

    ProbabilityBlockReader(ProbabilityHead head, Visibility visibility) {
        this.head = head;
        this.visibility = visibility;
        this.row = new float[head.cols()];
    }

    @Override
    public void select(int row0, int count, int step) {
        this.row0 = row0;
        this.count = count;
        this.step = step;
        key0 = Integer.MAX_VALUE;
        key1 = 0;
        for (int lane = 0; lane < count; lane++) {
            int r = row0 + lane * step;
            if (visibility.end(r) > visibility.first(r)) {
                key0 = Math.min(key0, visibility.first(r));
                key1 = Math.max(key1, visibility.end(r));
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
        Arrays.fill(block.p, 0, floats, 0);
        Arrays.fill(block.least, Float.POSITIVE_INFINITY);
        Arrays.fill(block.lse, MASKED);
        Arrays.fill(block.entropy, 0);
        Arrays.fill(block.dropped, 0);
        Arrays.fill(block.max, 0);
        Arrays.fill(block.inverse, 0);
        Arrays.fill(block.mass, 0);
        for (int lane = 0; lane < count; lane++) {
            fillRow(block, lane);
        }
        for (int key = key0; key < key1; key += RowBlock.CHUNK) {
            filled.keys(key, Math.min(key1, key + RowBlock.CHUNK));
        }
    }

    private void fillRow(RowBlock block, int lane) {
        Row sums = load(lane);
        int r = row0 + lane * step;
        block.dropped[lane] = sums.lost == 0 ? 0 : (float) (sums.lost / (sums.lost + sums.kept));
        if (!sums.any) {
            return;
        }
        float factor = factor(sums);
        block.inverse[lane] = factor;
        double entropy = 0;
        double total = 0;
        for (int key = visibility.first(r); key < visibility.end(r); key++) {
            float p = visibility.visible(r, key) ? row[key] * factor : 0;
            block.p[(key - key0) * LANES + lane] = p;
            total += p;
            if (p > 0) {
                entropy -= p * Math.log(p);
                block.least[lane] = Math.min(block.least[lane], p);
            }
        }
        block.lse[lane] = (float) Math.log(visibility.excludedCount() > 0 ? sums.kept : total);
        block.entropy[lane] = (float) entropy;
        block.mass[lane] = (float) total;
    }

    private record Row(double kept, double lost, boolean any) {}

    /** Loads a row and sums what is visible and what was excluded. */
    private Row load(int lane) {
        int r = row0 + lane * step;
        head.p().copyRows(r, r + 1, row, 0);
        double kept = 0;
        double lost = 0;
        boolean any = false;
        for (int key = visibility.first(r); key < visibility.end(r); key++) {
            if (visibility.visible(r, key)) {
                kept += row[key];
                any = true;
            } else if (visibility.isExcluded(key)) {
                lost += row[key];
            }
        }
        return new Row(kept, lost, any);
    }

    private float factor(Row sums) {
        if (!sums.any || sums.kept <= 0) {
            return 0;
        }
        return visibility.excludedCount() > 0 ? (float) (1 / sums.kept) : 1;
    }

    @Override
    public void norms(float[] max, float[] inverse) {
        Arrays.fill(max, 0);
        Arrays.fill(inverse, 0);
        for (int lane = 0; lane < count; lane++) {
            inverse[lane] = factor(load(lane));
        }
    }

    @Override
    public void scores(int from, int to, float[] target, int offset) {
        Arrays.fill(target, offset, offset + (to - from) * LANES, MASKED);
        for (int lane = 0; lane < count; lane++) {
            int r = row0 + lane * step;
            int first = Math.max(from, visibility.first(r));
            int end = Math.min(to, visibility.end(r));
            if (end <= first) {
                continue;
            }
            head.p().copy(r, r + 1, first, end, row, 0, end - first);
            for (int key = first; key < end; key++) {
                if (visibility.visible(r, key)) {
                    target[offset + (key - from) * LANES + lane] = row[key - first];
                }
            }
        }
    }

    @Override
    public void finish(float[] scores, int offset, int rows, float[] max, float[] inverse) {
        for (int i = 0; i < rows; i++) {
            int at = offset + i * LANES;
            for (int lane = 0; lane < LANES; lane++) {
                float p = scores[at + lane];
                scores[at + lane] = p == MASKED ? 0 : p * inverse[lane];
            }
        }
    }
}
