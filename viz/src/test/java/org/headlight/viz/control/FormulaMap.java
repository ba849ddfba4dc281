package org.headlight.viz.control;

import org.headlight.viz.raster.AttentionMap;
import org.headlight.viz.raster.CellReading;
import org.headlight.viz.raster.Pooling;
import org.headlight.viz.raster.TileKey;

import java.util.Arrays;

/**
 * A causal map of any size whose every cell follows from its position: a sink in column 0, the
 * previous token, a repeat 37 tokens back, and a quiet rest. Rows sum to about 1. Pooled tiles look
 * at the first cells of each pixel and at the cells of the three lines that cross it.
 */
public final class FormulaMap implements AttentionMap {
    private static final int REPEAT = 37;

    private final int size;

    public FormulaMap(int size) {
        this.size = size;
    }

    /** The value of a cell; NaN above the diagonal. */
    public float value(int row, int col) {
        if (col > row) {
            return Float.NaN;
        }
        float value = 0.1f / (row + 1);
        if (col == 0) {
            value += 0.5f;
        }
        if (col == row - 1) {
            value += 0.25f;
        }
        if (col == row - REPEAT) {
            value += 0.15f;
        }
        return value * (1 + ((row * 31 + col * 17) & 15) / 64f);
    }

    @Override
    public int rows() {
        return size;
    }

    @Override
    public int cols() {
        return size;
    }

    @Override
    public int baseLevel() {
        return Math.max(0, topLevel() - 2);
    }

    @Override
    public int topLevel() {
        int level = 0;
        while ((size + (1 << level) - 1) >> level > TileKey.SIZE) {
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
        float[] tile = new float[TileKey.SIZE * TileKey.SIZE];
        Arrays.fill(tile, Float.NaN);
        int side = 1 << key.level();
        for (int r = 0; r < TileKey.SIZE; r++) {
            int row0 = ((key.row() * TileKey.SIZE) + r) << key.level();
            for (int c = 0; c < TileKey.SIZE; c++) {
                int col0 = ((key.col() * TileKey.SIZE) + c) << key.level();
                if (row0 < size && col0 < size) {
                    tile[r * TileKey.SIZE + c] = pooled(row0, col0, side);
                }
            }
        }
        return tile;
    }

    private float pooled(int row0, int col0, int side) {
        int lastRow = Math.min(size, row0 + side) - 1;
        float best = value(row0, col0);
        if (side == 1) {
            return best;
        }
        for (int row : new int[] {row0, (row0 + lastRow) / 2, lastRow}) {
            for (int col : new int[] {col0, row - 1, row - REPEAT, row}) {
                if (col >= col0 && col < Math.min(size, col0 + side)) {
                    float value = value(row, col);
                    best = Float.isNaN(best) || value > best ? value : best;
                }
            }
        }
        return best;
    }

    @Override
    public float[] cells(int row0, int row1, int col0, int col1) {
        float[] cells = new float[(row1 - row0) * (col1 - col0)];
        for (int row = row0; row < row1; row++) {
            for (int col = col0; col < col1; col++) {
                cells[(row - row0) * (col1 - col0) + col - col0] = value(row, col);
            }
        }
        return cells;
    }

    @Override
    public CellReading read(int row, int col) {
        float value = value(row, col);
        if (Float.isNaN(value)) {
            return new CellReading(row, col, true, 0, 0, row + 1);
        }
        int rank = 1;
        for (int c = 0; c <= row; c++) {
            if (value(row, c) > value) {
                rank++;
            }
        }
        return new CellReading(row, col, false, value, rank, row + 1);
    }

    @Override
    public float[] rowProfile(int row) {
        return cells(row, row + 1, 0, size);
    }

    @Override
    public float[] columnProfile(int col) {
        return cells(0, size, col, col + 1);
    }

    @Override
    public float[] range() {
        return new float[] {0.1f / size, 0.8f};
    }

    @Override
    public float percentile(double fraction, Pooling pooling) {
        return (float) (0.1 / size + fraction * fraction * 0.5);
    }

    @Override
    public double droppedMass() {
        return 0;
    }
}
