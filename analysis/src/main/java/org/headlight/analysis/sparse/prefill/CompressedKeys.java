package org.headlight.analysis.sparse.prefill;

import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.attend.HeadArray;
import org.headlight.engine.kernel.AttentionKernels;

import java.util.Arrays;

/** Means of short runs of keys that overlap, and what queries look at among them. */
final class CompressedKeys {
    private static final int LANES = TilePacker.LANES;

    private final AttentionInput input;
    private final HeadArray means;
    private final int kernel;
    private final int stride;

    /**
     * @param kernel keys of a mean
     * @param stride keys from the beginning of one to that of the next
     */
    CompressedKeys(AttentionInput input, int kernel, int stride) {
        this.input = input;
        this.kernel = kernel;
        this.stride = stride;
        HeadArray k = input.k();
        int count = k.rows() < kernel ? 0 : (k.rows() - kernel) / stride + 1;
        int width = k.width();
        float[] values = new float[k.heads() * count * width];
        for (int head = 0; head < k.heads(); head++) {
            for (int i = 0; i < count; i++) {
                int to = (head * count + i) * width;
                for (int key = i * stride; key < i * stride + kernel; key++) {
                    int from = k.at(head, key);
                    for (int c = 0; c < width; c++) {
                        values[to + c] += k.values()[from + c] / kernel;
                    }
                }
            }
        }
        means = HeadArray.headsFirst(values, k.heads(), count, width);
    }

    AttentionInput input() {
        return input;
    }

    /** Means of a head. */
    int count() {
        return means.rows();
    }

    /** Keys from the beginning of one mean to that of the next. */
    int stride() {
        return stride;
    }

    /** How many means end at a position or before it. */
    int seen(int position) {
        return position + 1 < kernel ? 0 : Math.min(count(), (position + 1 - kernel) / stride + 1);
    }

    /**
     * Softmax over the means that end at each query's position or before it, summed over the query
     * heads of a key head.
     *
     * @param row0 the first of up to 64 queries
     * @param target receives [means, 64], overwritten; 0 where there is nothing to see
     */
    void attention(
            AttentionKernels kernels, TilePacker tile, int keyHead, int row0, float[] target) {
        int group = input.q().heads() / input.k().heads();
        int rows = input.q().rows();
        int end = Math.min(rows, row0 + LANES);
        int offset = input.k().rows() - rows;
        int most = seen(end - 1 + offset);
        float[] scores = new float[Math.max(1, most) * LANES];
        float[] max = new float[LANES];
        float[] sum = new float[LANES];
        float[] weighted = new float[LANES];
        float[] least = new float[LANES];
        Arrays.fill(target, 0, count() * LANES, 0);
        for (int head = keyHead * group; head < (keyHead + 1) * group; head++) {
            tile.pack(input.q(), head, row0, end, input.scale() * AttentionKernels.LOG2E);
            for (int key = 0; key < most; key += TilePacker.KEYS) {
                int to = Math.min(most, key + TilePacker.KEYS);
                float[] some = tile.scores(means, keyHead, key, to);
                System.arraycopy(some, 0, scores, key * LANES, (to - key) * LANES);
            }
            hide(scores, row0 + offset, most);
            Arrays.fill(max, Float.NEGATIVE_INFINITY);
            Arrays.fill(sum, 0);
            kernels.accumulate(scores, 0, most, max, sum, weighted);
            for (int lane = 0; lane < LANES; lane++) {
                boolean blind = max[lane] == Float.NEGATIVE_INFINITY;
                sum[lane] = blind ? 0 : 1 / sum[lane];
                max[lane] = blind ? 0 : max[lane];
            }
            kernels.normalize(scores, 0, most, max, sum, least);
            for (int i = 0; i < most * LANES; i++) {
                target[i] += scores[i];
            }
        }
    }

    private void hide(float[] scores, int position0, int most) {
        for (int lane = 0; lane < LANES; lane++) {
            for (int i = seen(position0 + lane); i < most; i++) {
                scores[i * LANES + lane] = Float.NEGATIVE_INFINITY;
            }
        }
    }
}
