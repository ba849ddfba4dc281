package org.headlight.engine.dump;

import org.headlight.engine.matrix.Matrix;

/**
 * A dumped map whose NaN stands for keys that a query does not see: their probability is 0.
 *
 * @param p the map as it lies in the file, [N, M]
 */
record NanAsZero(Matrix p) implements Matrix {
    @Override
    public int rows() {
        return p.rows();
    }

    @Override
    public int cols() {
        return p.cols();
    }

    @Override
    public void copy(
            int row0, int row1, int col0, int col1, float[] target, int offset, int stride) {
        p.copy(row0, row1, col0, col1, target, offset, stride);
        for (int row = 0; row < row1 - row0; row++) {
            int at = offset + row * stride;
            for (int i = at; i < at + col1 - col0; i++) {
                if (Float.isNaN(target[i])) {
                    target[i] = 0;
                }
            }
        }
    }
}
