package org.headlight.analysis.sparse.select;

import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.attend.HeadArray;
import org.headlight.engine.kernel.AttentionKernels;

import java.util.Arrays;

/** Means of short runs of keys that overlap, and what queries look at among them. */
public final class CompressedKeys {
    private static final int LANES = TilePacker.LANES;

    private final AttentionInput input;
    private final HeadArray means;
    private final int kernel;
    private final int stride;

    /**
     * @param kernel keys of a mean
     * @param stride keys from the beginning of one to that of the next
     */
    public CompressedKeys(AttentionInput input, int kernel, int stride) {
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
                        values[to + c] += k.values()[from + c];
                    }
                }
                for (int c = 0; c < width; c++) {
                    values[to + c] /= kernel;
                }
            }
        }
        means = HeadArray.headsFirst(values, k.heads(), count, width);
    }

    public AttentionInput input() {
        return input;
    }

    /** Means of a head. */
    public int count() {
        return means.rows();
    }

    /** Keys from the beginning of one mean to that of the next. */
    public int stride() {
        return stride;
    }

    /** How many means end at a position or before it. */
    public int seen(int position) {
        return position + 1 < kernel ? 0 : Math.min(count(), (position + 1 - kernel) / stride + 1);
    }

    /** Query heads that share a key head. */
    public int group() {
        return input.q().heads() / input.k().heads();
    }

    /** Position of a query among the keys. */
    public int position(int row) {
        return row + input.k().rows() - input.q().rows();
    }

    /** Means of a key head, and queries by tiles of 64: what one thread looks at, one at a time. */
    public Tile tile(AttentionKernels kernels) {
        return new Tile(kernels);
    }

    /** Scores and shares of up to 64 queries at a time. For one thread. */
    public final class Tile {
        private final AttentionKernels kernels;
        private final TilePacker packer;
        private final float[] scores = new float[Math.max(1, count()) * LANES];
        private final float[] sums = new float[Math.max(1, count()) * LANES];
        private final float[] max = new float[LANES];
        private final float[] sum = new float[LANES];
        private final float[] weighted = new float[LANES];
        private final float[] least = new float[LANES];

        private Tile(AttentionKernels kernels) {
            this.kernels = kernels;
            this.packer = new TilePacker(kernels, input.q().width());
        }

        /**
         * Softmax over the means that end at each query's position or before it, summed over the
         * query heads of a key head.
         *
         * @param row0 the first of up to 64 queries
         * @return that of mean i and query row0 + lane at {@code i * 64 + lane}; 0 where there is
         *     nothing to see; overwritten by the next call
         */
        public float[] attention(int keyHead, int row0) {
            int most = seen(position(Math.min(input.q().rows(), row0 + LANES) - 1));
            Arrays.fill(sums, 0, count() * LANES, 0);
            for (int head = keyHead * group(); head < (keyHead + 1) * group(); head++) {
                score(head, row0, most, AttentionKernels.LOG2E);
                hide(row0, most);
                soften(most);
                for (int i = 0; i < most * LANES; i++) {
                    sums[i] += scores[i];
                }
            }
            return sums;
        }

        /**
         * Scores of means, as the model scales and caps those of keys.
         *
         * @param row0 the first of up to 64 queries
         * @param most how many means, from the first on
         * @return that of mean i and query row0 + lane at {@code i * 64 + lane}; overwritten by the
         *     next call
         */
        public float[] scores(int head, int row0, int most) {
            score(head, row0, most, 1);
            return scores;
        }

        private void score(int head, int row0, int most, float factor) {
            int end = Math.min(input.q().rows(), row0 + LANES);
            float cap = input.softCap();
            packer.pack(input.q(), head, row0, end, input.scale() * (cap > 0 ? 1 : factor));
            for (int key = 0; key < most; key += TilePacker.KEYS) {
                int to = Math.min(most, key + TilePacker.KEYS);
                float[] some = packer.scores(means, input.keyHead(head), key, to);
                System.arraycopy(some, 0, scores, key * LANES, (to - key) * LANES);
            }
            for (int i = 0; cap > 0 && i < most * LANES; i++) {
                scores[i] = factor * cap * (float) Math.tanh(scores[i] / cap);
            }
        }

        private void hide(int row0, int most) {
            for (int lane = 0; lane < LANES; lane++) {
                for (int i = seen(position(row0 + lane)); i < most; i++) {
                    scores[i * LANES + lane] = Float.NEGATIVE_INFINITY;
                }
            }
        }

        private void soften(int most) {
            Arrays.fill(max, Float.NEGATIVE_INFINITY);
            Arrays.fill(sum, 0);
            Arrays.fill(weighted, 0);
            kernels.accumulate(scores, 0, most, max, sum, weighted);
            for (int lane = 0; lane < LANES; lane++) {
                boolean blind = max[lane] == Float.NEGATIVE_INFINITY;
                sum[lane] = blind ? 0 : 1 / sum[lane];
                max[lane] = blind ? 0 : max[lane];
            }
            kernels.normalize(scores, 0, most, max, sum, least);
        }
    }
}
