package org.headlight.engine.matrix;

import java.util.Objects;

/** A row-major matrix over an array, without gaps. The array is not copied. */
public final class ArrayMatrix implements Matrix {
    private final float[] cells;
    private final int rows;
    private final int cols;

    /**
     * @param cells exactly rows x cols floats
     */
    public ArrayMatrix(float[] cells, int rows, int cols) {
        if (rows < 0 || cols < 0 || cells.length != (long) rows * cols) {
            throw new IllegalArgumentException(
                    "an array of "
                            + cells.length
                            + " floats is no "
                            + rows
                            + " x "
                            + cols
                            + " matrix");
        }
        this.cells = cells;
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
        Objects.checkFromToIndex(row0, row1, rows);
        Objects.checkFromToIndex(col0, col1, cols);
        for (int row = row0; row < row1; row++) {
            System.arraycopy(
                    cells, row * cols + col0, target, offset + (row - row0) * stride, col1 - col0);
        }
    }
}
