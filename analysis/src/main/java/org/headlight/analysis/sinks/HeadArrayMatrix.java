package org.headlight.analysis.sinks;

import org.headlight.engine.attend.HeadArray;
import org.headlight.engine.matrix.Matrix;

import java.util.Objects;

/** The rows of an array of one head, as a matrix. */
record HeadArrayMatrix(HeadArray array) implements Matrix {
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
                    array.at(0, row) + col0,
                    target,
                    offset + (row - row0) * stride,
                    col1 - col0);
        }
    }
}
