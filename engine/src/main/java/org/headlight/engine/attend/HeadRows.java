package org.headlight.engine.attend;

import org.headlight.engine.matrix.Matrix;

import java.util.Objects;

/**
 * The rows of one head of an array, as a matrix over the same numbers.
 *
 * @param array of one or more heads
 * @param head which
 */
public record HeadRows(HeadArray array, int head) implements Matrix {
    @Override
    public int rows() {
        return array.rows();
    }

    @Override
    public int cols() {
        return array.width();
    }

    @Override
    public void copy(
            int row0, int row1, int col0, int col1, float[] target, int offset, int stride) {
        Objects.checkFromToIndex(row0, row1, rows());
        Objects.checkFromToIndex(col0, col1, cols());
        for (int row = row0; row < row1; row++) {
            System.arraycopy(
                    array.values(),
                    array.at(head, row) + col0,
                    target,
                    offset + (row - row0) * stride,
                    col1 - col0);
        }
    }
}
