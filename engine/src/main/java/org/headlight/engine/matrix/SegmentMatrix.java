package org.headlight.engine.matrix;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/**
 * A row-major matrix of floats in native byte order, without gaps, over memory outside the heap.
 * Reading it after its arena is closed throws {@link IllegalStateException}.
 */
public final class SegmentMatrix implements Matrix {
    private final MemorySegment cells;
    private final int rows;
    private final int cols;

    /**
     * @param cells exactly rows x cols floats
     */
    public SegmentMatrix(MemorySegment cells, int rows, int cols) {
        if (rows < 0 || cols < 0 || cells.byteSize() != (long) rows * cols * Float.BYTES) {
            throw new IllegalArgumentException(
                    "a segment of "
                            + cells.byteSize()
                            + " bytes is no "
                            + rows
                            + " x "
                            + cols
                            + " matrix");
        }
        this.cells = cells.asReadOnly();
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
        if (col0 == 0 && col1 == cols && stride == cols) {
            read((long) row0 * cols, target, offset, (row1 - row0) * cols);
            return;
        }
        for (int row = row0; row < row1; row++) {
            read((long) row * cols + col0, target, offset + (row - row0) * stride, col1 - col0);
        }
    }

    private void read(long from, float[] target, int offset, int count) {
        MemorySegment.copy(
                cells, ValueLayout.JAVA_FLOAT, from * Float.BYTES, target, offset, count);
    }
}
