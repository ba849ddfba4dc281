package org.headlight.viz.bench;

import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.matrix.Matrix;

import java.util.Random;

/**
 * A causal head with the structure of a real one, of any size: a sink at key 0, locality by
 * rotation with position, a few strong columns, noise. The same seed gives the same head.
 */
public final class SyntheticHead {
    private SyntheticHead() {}

    /**
     * A head of the given size.
     *
     * @param tokens queries and keys
     * @param depth width of a query
     */
    public static QkHead of(int tokens, int depth, long seed) {
        Random random = new Random(seed);
        float[] q = new float[Math.multiplyExact(tokens, depth)];
        float[] k = new float[q.length];
        int pairs = depth / 4;
        for (int i = 0; i < tokens; i++) {
            for (int c = 0; c < depth; c++) {
                q[i * depth + c] = (float) random.nextGaussian();
                k[i * depth + c] = (float) random.nextGaussian();
            }
            for (int pair = 0; pair < pairs; pair++) {
                double angle = i * Math.pow(10_000, -(double) pair / pairs);
                int at = i * depth + 2 * pair;
                q[at] = k[at] = (float) (1.5 * Math.cos(angle));
                q[at + 1] = k[at + 1] = (float) (1.5 * Math.sin(angle));
            }
            int last = i * depth + depth - 1;
            q[last] = 3;
            k[last] = i == 0 ? 12 : random.nextInt(200) == 0 ? 6 : 0;
        }
        return new QkHead(
                new ArrayMatrix(q, tokens, depth),
                new ArrayMatrix(k, tokens, depth),
                null,
                (float) (1 / Math.sqrt(depth)),
                AttentionMask.causal(0));
    }

    private static final class ArrayMatrix implements Matrix {
        private final float[] values;
        private final int rows;
        private final int cols;

        ArrayMatrix(float[] values, int rows, int cols) {
            this.values = values;
            this.rows = rows;
            this.cols = cols;
        }

        @Override
        public int rows() {
            return rows;
        }

        @Override
        public int cols() {
            return cols;
        }

        @Override
        public void copy(
                int row0, int row1, int col0, int col1, float[] target, int offset, int stride) {
            for (int row = row0; row < row1; row++) {
                System.arraycopy(
                        values,
                        row * cols + col0,
                        target,
                        offset + (row - row0) * stride,
                        col1 - col0);
            }
        }
    }
}
