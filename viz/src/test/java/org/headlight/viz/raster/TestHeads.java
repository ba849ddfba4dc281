package org.headlight.viz.raster;

import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.matrix.Matrix;

import java.util.Random;

/** Heads of seeded noise. */
final class TestHeads {
    private TestHeads() {}

    static QkHead noise(int rows, int cols, int depth, AttentionMask mask, long seed) {
        return new QkHead(
                matrix(rows, depth, seed),
                matrix(cols, depth, seed + 1),
                null,
                (float) (2 / Math.sqrt(depth)),
                mask);
    }

    static Matrix matrix(int rows, int cols, long seed) {
        Random random = new Random(seed);
        float[] values = new float[rows * cols];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return new Matrix() {
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
                    int row0,
                    int row1,
                    int col0,
                    int col1,
                    float[] target,
                    int offset,
                    int stride) {
                for (int r = row0; r < row1; r++) {
                    System.arraycopy(
                            values,
                            r * cols + col0,
                            target,
                            offset + (r - row0) * stride,
                            col1 - col0);
                }
            }
        };
    }

    /** One row by the definition, in double precision; NaN where masked or excluded. */
    static double[] row(QkHead head, int row, int excluded) {
        int depth = head.q().cols();
        float[] q = new float[depth];
        float[] k = new float[depth];
        head.q().copyRows(row, row + 1, q, 0);
        double[] p = new double[head.cols()];
        double sum = Math.exp(head.sink());
        for (int col = 0; col < p.length; col++) {
            if (head.mask().masked(row, col) || col == excluded) {
                p[col] = Double.NaN;
                continue;
            }
            head.k().copyRows(col, col + 1, k, 0);
            double dot = 0;
            for (int c = 0; c < depth; c++) {
                dot += (double) q[c] * k[c];
            }
            double score = dot * head.scale();
            float cap = head.softcap();
            score = cap > 0 ? cap * Math.tanh(score / cap) : score;
            p[col] = Math.exp(score + head.mask().bias(row, col));
            sum += p[col];
        }
        for (int col = 0; col < p.length; col++) {
            p[col] /= sum;
        }
        return p;
    }

    /** A mask of biases, a share of them masked, every ninth row whole. */
    static AttentionMask biased(int n, double share, long seed) {
        Random random = new Random(seed);
        float[][] bias = new float[n][n];
        for (int r = 0; r < n; r++) {
            for (int c = 0; c < n; c++) {
                boolean hidden = r % 9 == 4 || random.nextDouble() < share;
                bias[r][c] = hidden ? AttentionMask.MASKED : (float) random.nextGaussian();
            }
        }
        return new AttentionMask() {
            @Override
            public int firstKey(int row) {
                return 0;
            }

            @Override
            public int endKey(int row) {
                return n;
            }

            @Override
            public boolean unbiased() {
                return false;
            }

            @Override
            public float bias(int row, int col) {
                return bias[row][col];
            }

            @Override
            public boolean causal() {
                return false;
            }
        };
    }
}
