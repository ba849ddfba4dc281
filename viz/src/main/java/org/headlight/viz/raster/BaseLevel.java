package org.headlight.viz.raster;

import org.headlight.engine.sweep.CellCounter;
import org.headlight.engine.sweep.PixelRows;
import org.headlight.engine.sweep.PooledMap;
import org.headlight.engine.sweep.Visibility;

/**
 * The base of a pyramid while it is filled: the largest and the sum of the cells of each pixel,
 * ragged; the same arrays where pixels are cells.
 */
final class BaseLevel {
    private final Visibility visibility;
    private final PixelRows pixels;
    private final float[][] max;
    private final float[][] sum;

    private BaseLevel(Visibility visibility, PixelRows pixels, float[][] max, float[][] sum) {
        this.visibility = visibility;
        this.pixels = pixels;
        this.max = max;
        this.sum = sum;
    }

    /** One to be filled. */
    static BaseLevel empty(Visibility visibility, int level) {
        PixelRows pixels = new PixelRows(visibility, level);
        float[][] max = new float[pixels.rows()][];
        float[][] sum = level == 0 ? max : new float[pixels.rows()][];
        for (int y = 0; y < max.length; y++) {
            max[y] = new float[pixels.length(y)];
            if (level > 0) {
                sum[y] = new float[pixels.length(y)];
            }
        }
        return new BaseLevel(visibility, pixels, max, sum);
    }

    /** One that was pooled elsewhere; it takes over the arrays. */
    static BaseLevel of(Visibility visibility, PixelRows pixels, PooledMap map) {
        return new BaseLevel(visibility, pixels, map.max(), map.sum());
    }

    int start(int y) {
        return pixels.start(y);
    }

    /** The largest cells of a row of pixels, to be filled. */
    float[] max(int y) {
        return max[y];
    }

    /** The sums of a row of pixels, to be filled. */
    float[] sum(int y) {
        return sum[y];
    }

    /**
     * The pyramid over it; once, when it is filled.
     *
     * @param rowStep step between the rows that filled it
     */
    Pyramid pyramid(int topLevel, int rowStep) {
        int level = pixels.level();
        float[][] counts = new float[max.length][];
        CellCounter counter = new CellCounter(visibility);
        for (int y = 0; y < max.length; y++) {
            int row0 = y << level;
            int row1 = (int) Math.min(visibility.rows(), (y + 1L) << level);
            counter.band(Math.ceilDiv(row0, rowStep) * rowStep, row1, rowStep);
            counts[y] = new float[max[y].length];
            for (int x = 0; x < max[y].length; x++) {
                int col0 = (start(y) + x) << level;
                int col1 = (int) Math.min(visibility.cols(), (start(y) + x + 1L) << level);
                long cells = counter.count(col0, col1);
                counts[y][x] = cells;
                if (cells == 0) {
                    max[y][x] = Float.NaN;
                    sum[y][x] = Float.NaN;
                } else if (level > 0) {
                    sum[y][x] /= cells;
                }
            }
        }
        int cols = (int) Math.ceilDiv((long) visibility.cols(), 1L << level);
        return Pyramid.over(
                level, topLevel, new PyramidLevel(cols, pixels.starts(), max, sum), counts);
    }
}
