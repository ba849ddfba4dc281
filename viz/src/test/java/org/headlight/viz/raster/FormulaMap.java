package org.headlight.viz.raster;

import java.util.Arrays;

/**
 * A map whose values are a formula of their coordinates, pooled without any cleverness. Causal maps
 * mask what lies above the diagonal.
 */
public record FormulaMap(int rows, int cols, boolean causal, Formula formula)
        implements AttentionMap {

    /** The value of a cell. */
    @FunctionalInterface
    public interface Formula {
        double at(int row, int col);
    }

    /** All cells differ, all are positive, none is above 1. */
    public static FormulaMap distinct(int rows, int cols, boolean causal) {
        return new FormulaMap(
                rows,
                cols,
                causal,
                (row, col) -> (1 + (row * 7919L + col * 104729L) % 65521) / 65536.0);
    }

    /** Something that looks like attention: a sink, a diagonal, an induction stripe. */
    public static FormulaMap lifelike(int n) {
        return new FormulaMap(
                n,
                n,
                true,
                (row, col) -> {
                    double local = Math.exp(-(row - col) / 6.0);
                    double stripe = Math.exp(-Math.pow((row - col - n * 0.37) / 2.0, 2));
                    double sink = col == 0 ? 0.9 : 0;
                    double noise = 1e-4 * (1 + Math.sin(row * 0.7) * Math.cos(col * 1.3));
                    return 0.4 * (local + 0.6 * stripe + sink + noise) / (1 + 0.002 * row);
                });
    }

    public float value(int row, int col) {
        if (row >= rows || col >= cols || (causal && col > row)) {
            return Float.NaN;
        }
        return (float) formula.at(row, col);
    }

    /** The cells of a rectangle pooled one by one; NaN where none exists. */
    public float pooled(int row0, int row1, int col0, int col1, Pooling pooling) {
        double sum = 0;
        float max = Float.NaN;
        int count = 0;
        for (int row = row0; row < Math.min(row1, rows); row++) {
            for (int col = col0; col < Math.min(col1, cols); col++) {
                float value = value(row, col);
                if (!Float.isNaN(value)) {
                    sum += value;
                    max = count == 0 ? value : Math.max(max, value);
                    count++;
                }
            }
        }
        return count == 0 ? Float.NaN : pooling == Pooling.MAX ? max : (float) (sum / count);
    }

    @Override
    public int baseLevel() {
        return 0;
    }

    @Override
    public int topLevel() {
        int level = 0;
        while (Math.max(rows, cols) > TileKey.SIZE << level) {
            level++;
        }
        return level;
    }

    @Override
    public boolean preview() {
        return false;
    }

    @Override
    public float[] tile(TileKey key, Pooling pooling) {
        int size = TileKey.SIZE;
        int cell = 1 << key.level();
        float[] tile = new float[size * size];
        Arrays.fill(tile, Float.NaN);
        for (int r = 0; r < size; r++) {
            int row = (key.row() * size + r) * cell;
            for (int c = 0; c < size && row < rows; c++) {
                int col = (key.col() * size + c) * cell;
                if (col < cols) {
                    tile[r * size + c] = pooled(row, row + cell, col, col + cell, pooling);
                }
            }
        }
        return tile;
    }

    @Override
    public float[] cells(int row0, int row1, int col0, int col1) {
        float[] cells = new float[(row1 - row0) * (col1 - col0)];
        int i = 0;
        for (int row = row0; row < row1; row++) {
            for (int col = col0; col < col1; col++) {
                cells[i++] = value(row, col);
            }
        }
        return cells;
    }

    @Override
    public CellReading read(int row, int col) {
        float value = value(row, col);
        boolean masked = Float.isNaN(value);
        int rank = 1;
        int visible = 0;
        for (int c = 0; c < cols; c++) {
            float other = value(row, c);
            visible += Float.isNaN(other) ? 0 : 1;
            rank += other > value ? 1 : 0;
        }
        return new CellReading(row, col, masked, masked ? 0 : value, masked ? 0 : rank, visible);
    }

    @Override
    public float[] rowProfile(int row) {
        return cells(row, row + 1, 0, cols);
    }

    @Override
    public float[] columnProfile(int col) {
        return cells(0, rows, col, col + 1);
    }

    @Override
    public float[] range() {
        float min = Float.POSITIVE_INFINITY;
        float max = 0;
        for (float value : cells(0, rows, 0, cols)) {
            if (value > 0) {
                min = Math.min(min, value);
                max = Math.max(max, value);
            }
        }
        return new float[] {min, max};
    }

    @Override
    public float percentile(double fraction, Pooling pooling) {
        float[] cells = cells(0, rows, 0, cols);
        Arrays.sort(cells);
        int visible = cells.length;
        while (visible > 0 && Float.isNaN(cells[visible - 1])) {
            visible--;
        }
        return cells[Math.clamp((long) (fraction * visible), 0, visible - 1)];
    }

    @Override
    public double droppedMass() {
        return 0;
    }
}
