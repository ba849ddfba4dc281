package org.headlight.engine.sweep;

import static org.headlight.engine.kernel.AttentionKernels.LANES;

import java.util.Arrays;

/** Gathers groups of keys of blocks of rows into the pixels of a window. */
final class PoolBuffer {
    private final Visibility visibility;
    private final HeadReader.Window window;
    private final int cell;
    private final boolean mean;
    private final float[] target;

    PoolBuffer(
            Visibility visibility,
            HeadReader.Window window,
            int cell,
            boolean mean,
            float[] target) {
        this.visibility = visibility;
        this.window = window;
        this.cell = cell;
        this.mean = mean;
        this.target = target;
        Arrays.fill(target, 0, Math.multiplyExact(window.height(), window.width()), 0);
    }

    /** First column that any of the rows sees in the window, on a pixel's edge. */
    int begin(int row, int count) {
        int first = Integer.MAX_VALUE;
        for (int r = row; r < row + count; r++) {
            if (visibility.end(r) > visibility.first(r)) {
                first = Math.min(first, visibility.first(r));
            }
        }
        if (first <= window.col0()) {
            return window.col0();
        }
        return first == Integer.MAX_VALUE
                ? first
                : window.col0() + (first - window.col0()) / cell * cell;
    }

    /** One after the last column that any of the rows sees. */
    int end(int row, int count) {
        int end = 0;
        for (int r = row; r < row + count; r++) {
            end = Math.max(end, visibility.end(r));
        }
        return end;
    }

    /** Takes {@code made} groups of 64 lanes, the first for pixel column {@code x0}. */
    void add(int row, int count, int x0, int made, float[] groups) {
        for (int lane = 0; lane < count; lane++) {
            int at = (row + lane - window.row0()) / cell * window.width() + x0;
            for (int g = 0; g < made; g++) {
                float value = groups[g * LANES + lane];
                target[at + g] = mean ? target[at + g] + value : Math.max(target[at + g], value);
            }
        }
    }

    /** Divides sums by the number of cells and writes NaN where there is none. */
    void finish() {
        CellCounter counter = new CellCounter(visibility);
        for (int y = 0; y < window.height(); y++) {
            long top = window.row0() + (long) y * cell;
            int row0 = (int) Math.min(visibility.rows(), top);
            int row1 = (int) Math.min(visibility.rows(), top + cell);
            counter.band(row0, row1, 1);
            for (int x = 0; x < window.width(); x++) {
                long left = window.col0() + (long) x * cell;
                int col0 = (int) Math.min(visibility.cols(), left);
                int col1 = (int) Math.min(visibility.cols(), left + cell);
                long cells = row1 > row0 && col1 > col0 ? counter.count(col0, col1) : 0;
                int at = y * window.width() + x;
                if (cells == 0) {
                    target[at] = Float.NaN;
                } else if (mean) {
                    target[at] /= cells;
                }
            }
        }
    }
}
