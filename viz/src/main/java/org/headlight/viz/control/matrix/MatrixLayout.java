package org.headlight.viz.control.matrix;

import org.jspecify.annotations.Nullable;

/**
 * Where the cells of a matrix are. Cells are as large as the room allows, within limits, on whole
 * pixels.
 *
 * @param left where the first column begins
 * @param top where the first row begins
 * @param cellWidth pixels
 * @param cellHeight pixels
 * @param rows how many
 * @param columns how many
 */
record MatrixLayout(
        double left, double top, double cellWidth, double cellHeight, int rows, int columns) {
    private static final double LEAST = 3;
    private static final double WIDEST = 72;
    private static final double HIGHEST = 40;

    /**
     * Fits cells into the room right of and below a corner.
     *
     * @param width of the room
     * @param height of the room
     */
    static MatrixLayout of(
            double left, double top, double width, double height, int rows, int columns) {
        double w = Math.clamp(Math.floor(width / Math.max(1, columns)), LEAST, WIDEST);
        double h = Math.clamp(Math.floor(height / Math.max(1, rows)), LEAST, HIGHEST);
        return new MatrixLayout(left, top, Math.min(w, 3 * h), Math.min(h, 2 * w), rows, columns);
    }

    double x(int column) {
        return left + column * cellWidth;
    }

    double y(int row) {
        return top + row * cellHeight;
    }

    double right() {
        return x(columns);
    }

    double bottom() {
        return y(rows);
    }

    @Nullable MatrixCell at(double x, double y) {
        int column = (int) Math.floor((x - left) / cellWidth);
        int row = (int) Math.floor((y - top) / cellHeight);
        boolean inside = row >= 0 && row < rows && column >= 0 && column < columns;
        return inside ? new MatrixCell(row, column) : null;
    }

    /** The cell so many steps from another, kept inside; the first one from none. */
    @Nullable MatrixCell moved(@Nullable MatrixCell from, int down, int right) {
        if (rows == 0 || columns == 0) {
            return null;
        }
        if (from == null) {
            return new MatrixCell(0, 0);
        }
        return new MatrixCell(
                Math.clamp((long) from.row() + down, 0, rows - 1),
                Math.clamp((long) from.column() + right, 0, columns - 1));
    }
}
