package org.headlight.viz.raster;

import java.util.ArrayList;
import java.util.List;

/** The levels of a map from the base up, each pooled from the one below. Immutable once built. */
final class Pyramid {
    private final int baseLevel;
    private final List<PyramidLevel> levels;

    private Pyramid(int baseLevel, List<PyramidLevel> levels) {
        this.baseLevel = baseLevel;
        this.levels = List.copyOf(levels);
    }

    /**
     * Pools a base level up to the top level.
     *
     * @param counts how many cells each base pixel has, stored as the base is
     */
    static Pyramid over(int baseLevel, int topLevel, PyramidLevel base, float[][] counts) {
        List<PyramidLevel> levels = new ArrayList<>();
        levels.add(base);
        Counted below = new Counted(base, counts);
        for (int level = baseLevel + 1; level <= topLevel; level++) {
            below = below.coarser();
            levels.add(below.level);
        }
        return new Pyramid(baseLevel, levels);
    }

    PyramidLevel level(int level) {
        return levels.get(level - baseLevel);
    }

    PyramidLevel base() {
        return levels.getFirst();
    }

    PyramidLevel top() {
        return levels.getLast();
    }

    /** Bytes of pixels, two floats each; a base whose pixels are cells stores them once. */
    long bytes() {
        long pixels = levels.stream().mapToLong(PyramidLevel::pixels).sum();
        long once = baseLevel == 0 ? base().pixels() : 0;
        return (2 * pixels - once) * Float.BYTES;
    }

    /** A level with the number of cells of each pixel: what the next level's means need. */
    private static final class Counted {
        final PyramidLevel level;
        final float[][] counts;

        Counted(PyramidLevel level, float[][] counts) {
            this.level = level;
            this.counts = counts;
        }

        Counted coarser() {
            int rows = Math.ceilDiv(level.rows, 2);
            int[] start = new int[rows];
            float[][] max = new float[rows][];
            float[][] mean = new float[rows][];
            float[][] cells = new float[rows][];
            for (int row = 0; row < rows; row++) {
                int a = 2 * row;
                int b = Math.min(a + 1, level.rows - 1);
                int from = Integer.MAX_VALUE;
                int to = 0;
                for (int y = a; y <= b; y++) {
                    if (level.end(y) > level.start(y)) {
                        from = Math.min(from, level.start(y));
                        to = Math.max(to, level.end(y));
                    }
                }
                start[row] = Math.min(from, to) / 2;
                int length = to == 0 ? 0 : (to - 1) / 2 + 1 - start[row];
                max[row] = new float[length];
                mean[row] = new float[length];
                cells[row] = new float[length];
                for (int x = 0; x < length; x++) {
                    pool(a, b, start[row] + x, x, max[row], mean[row], cells[row]);
                }
            }
            PyramidLevel pooled = new PyramidLevel(Math.ceilDiv(level.cols, 2), start, max, mean);
            return new Counted(pooled, cells);
        }

        private void pool(
                int row0, int row1, int col, int x, float[] max, float[] mean, float[] cells) {
            float top = Float.NaN;
            double sum = 0;
            double count = 0;
            for (int row = row0; row <= row1; row++) {
                int first = Math.max(2 * col, level.start(row));
                int end = Math.min(2 * col + 2, level.end(row));
                for (int c = first; c < end; c++) {
                    int at = c - level.start(row);
                    float n = counts[row][at];
                    if (n > 0) {
                        float value = level.row(row, Pooling.MAX)[at];
                        top = top >= value ? top : value;
                        sum += (double) level.row(row, Pooling.MEAN)[at] * n;
                        count += n;
                    }
                }
            }
            max[x] = top;
            mean[x] = count > 0 ? (float) (sum / count) : Float.NaN;
            cells[x] = (float) count;
        }
    }
}
