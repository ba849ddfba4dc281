package org.headlight.viz.export;

import org.headlight.viz.raster.AttentionMap;
import org.headlight.viz.raster.Pooling;
import org.headlight.viz.raster.TileKey;

import java.util.Arrays;

/**
 * A range of a map pooled by a whole factor, row by row from top to bottom, so that the memory
 * needed is one row of tiles and never the whole. Reads the coarsest level whose texels neither
 * cross the range's borders nor the pooled cells'.
 */
final class PooledRows {
    private static final int SIZE = TileKey.SIZE;

    private final AttentionMap map;
    private final Pooling pooling;
    private final int level;
    private final int texels;
    private final int row0;
    private final int row1;
    private final int col0;
    private final int col1;
    private final float[][] tiles;
    private int tileRow = -1;

    /**
     * @param factor cells along the side of a pooled one, 1 or more
     */
    PooledRows(AttentionMap map, MapRange range, int factor, Pooling pooling) {
        this.map = map;
        this.pooling = pooling;
        int edges =
                factor
                        | range.row0()
                        | range.col0()
                        | (range.row1() == map.rows() ? 0 : range.row1())
                        | (range.col1() == map.cols() ? 0 : range.col1());
        level = Math.min(Integer.numberOfTrailingZeros(edges), map.topLevel());
        texels = factor >> level;
        row0 = range.row0() >> level;
        row1 = Math.ceilDiv(range.row1(), 1 << level);
        col0 = range.col0() >> level;
        col1 = Math.ceilDiv(range.col1(), 1 << level);
        tiles = new float[(col1 - 1) / SIZE - col0 / SIZE + 1][];
    }

    int rows() {
        return Math.ceilDiv(row1 - row0, texels);
    }

    int cols() {
        return Math.ceilDiv(col1 - col0, texels);
    }

    /** Pools one row into {@code values}, [{@link #cols()}]; NaN where all cells are masked. */
    void row(int y, float[] values) {
        Arrays.fill(values, 0, cols(), Float.NaN);
        int[] count = new int[cols()];
        int from = row0 + y * texels;
        for (int row = from; row < Math.min(from + texels, row1); row++) {
            seek(row / SIZE);
            int line = row % SIZE * SIZE;
            for (int col = col0; col < col1; col++) {
                float value = tiles[col / SIZE - col0 / SIZE][line + col % SIZE];
                if (!Float.isNaN(value)) {
                    int x = (col - col0) / texels;
                    values[x] =
                            count[x]++ == 0
                                    ? value
                                    : pooling == Pooling.MAX
                                            ? Math.max(values[x], value)
                                            : values[x] + value;
                }
            }
        }
        for (int x = 0; x < count.length && pooling == Pooling.MEAN; x++) {
            values[x] /= Math.max(1, count[x]);
        }
    }

    private void seek(int row) {
        if (row != tileRow) {
            tileRow = row;
            for (int t = 0; t < tiles.length; t++) {
                tiles[t] = map.tile(new TileKey(level, row, col0 / SIZE + t), pooling);
            }
        }
    }
}
