package org.headlight.engine.matrix;

/** A read-only matrix of 32-bit floats, [rows, cols]. Safe for use by several threads at once. */
public interface Matrix {

    int rows();

    int cols();

    /**
     * Copies a rectangle, row-major, into {@code target}: cell (r, c) goes to {@code target[offset
     * + (r - row0) * stride + (c - col0)]}.
     *
     * @param row0 first row
     * @param row1 row after the last
     * @param col0 first column
     * @param col1 column after the last
     */
    void copy(int row0, int row1, int col0, int col1, float[] target, int offset, int stride);

    /** Copies whole rows, row-major, without gaps. */
    default void copyRows(int row0, int row1, float[] target, int offset) {
        copy(row0, row1, 0, cols(), target, offset, cols());
    }
}
