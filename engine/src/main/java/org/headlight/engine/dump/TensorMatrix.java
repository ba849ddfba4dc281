package org.headlight.engine.dump;

import org.headlight.engine.matrix.Matrix;

import java.lang.foreign.MemorySegment;
import java.util.Locale;

/** A matrix inside a {@link Tensor}; strides are in elements. */
final class TensorMatrix implements Matrix {
    private final ElementType type;
    private final MemorySegment data;
    private final long start;
    private final int rows;
    private final int cols;
    private final long rowStride;
    private final long colStride;

    TensorMatrix(Tensor tensor, long start, int rows, int cols, long rowStride, long colStride) {
        this.type = tensor.type();
        this.data = tensor.data();
        this.start = start;
        this.rows = rows;
        this.cols = cols;
        this.rowStride = rowStride;
        this.colStride = colStride;
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
        if (row0 < 0 || row1 > rows || col0 < 0 || col1 > cols) {
            throw new IndexOutOfBoundsException(
                    String.format(
                            Locale.ROOT,
                            "rows %d to %d, columns %d to %d of [%d, %d]",
                            row0,
                            row1,
                            col0,
                            col1,
                            rows,
                            cols));
        }
        int bytes = type.bytes();
        for (int row = row0; row < row1; row++) {
            int at = offset + (row - row0) * stride;
            long from = (start + row * rowStride + col0 * colStride) * bytes;
            if (colStride == 1) {
                type.copy(data, from, col1 - col0, target, at);
            } else {
                for (int c = 0; c < col1 - col0; c++) {
                    target[at + c] = type.floatAt(data, from + c * colStride * bytes);
                }
            }
        }
    }
}
