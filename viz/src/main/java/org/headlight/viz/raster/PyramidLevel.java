package org.headlight.viz.raster;

import java.util.Arrays;

/**
 * One level of a pyramid, stored row by row and only where cells exist, so that the masked half of
 * a causal map costs nothing. NaN marks a pixel whose every cell is masked.
 */
final class PyramidLevel {
    final int rows;
    final int cols;
    private final int[] start;
    private final float[][] max;
    private final float[][] mean;

    /**
     * @param start first stored column of each row
     * @param max largest cells, ragged
     * @param mean mean cells, ragged; the same arrays as max where a pixel is a cell
     */
    PyramidLevel(int cols, int[] start, float[][] max, float[][] mean) {
        this.rows = start.length;
        this.cols = cols;
        this.start = start;
        this.max = max;
        this.mean = mean;
    }

    int start(int row) {
        return start[row];
    }

    int end(int row) {
        return start[row] + max[row].length;
    }

    float[] row(int row, Pooling pooling) {
        return pooling == Pooling.MAX ? max[row] : mean[row];
    }

    /** The pixel, NaN where nothing is stored. */
    float at(int row, int col, Pooling pooling) {
        int x = col - start[row];
        float[] values = row(row, pooling);
        return x >= 0 && x < values.length ? values[x] : Float.NaN;
    }

    /** Copies a tile of pixels, [SIZE, SIZE]; outside the map NaN. */
    float[] tile(int tileRow, int tileCol, Pooling pooling) {
        int size = TileKey.SIZE;
        float[] target = new float[size * size];
        Arrays.fill(target, Float.NaN);
        int col0 = tileCol * size;
        int height = Math.min(size, rows - tileRow * size);
        for (int y = 0; y < height; y++) {
            int row = tileRow * size + y;
            int from = Math.max(col0, start(row));
            int to = Math.min(col0 + size, end(row));
            if (to > from) {
                System.arraycopy(
                        row(row, pooling),
                        from - start(row),
                        target,
                        y * size + from - col0,
                        to - from);
            }
        }
        return target;
    }

    /** Pixels stored. */
    long pixels() {
        long pixels = 0;
        for (float[] row : max) {
            pixels += row.length;
        }
        return pixels;
    }
}
