package org.headlight.viz.raster;

import org.headlight.engine.kernel.AttentionKernels;
import org.headlight.engine.sweep.CellCounter;
import org.headlight.engine.sweep.RowBlock;
import org.headlight.engine.sweep.SweepConsumer;
import org.headlight.engine.sweep.Visibility;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** Fills the base level of a pyramid, by maximum and by mean, from the blocks of one sweep. */
final class PyramidConsumer implements SweepConsumer {
    private static final int LANES = RowBlock.LANES;

    private final Visibility visibility;
    private final AttentionKernels kernels;
    private final int level;
    private final int topLevel;
    private final int rowStep;
    private final int[] start;
    private final float[][] max;
    private final float[][] sum;
    private final List<Gatherer> gatherers = new ArrayList<>();
    private @Nullable Pyramid pyramid;

    PyramidConsumer(
            Visibility visibility, AttentionKernels kernels, int level, int topLevel, int rowStep) {
        this.visibility = visibility;
        this.kernels = kernels;
        this.level = level;
        this.topLevel = topLevel;
        this.rowStep = rowStep;
        int cell = 1 << level;
        int rows = Math.ceilDiv(visibility.rows(), cell);
        this.start = new int[rows];
        this.max = new float[rows][];
        this.sum = new float[rows][];
        for (int y = 0; y < rows; y++) {
            allocate(y, y << level, (int) Math.min(visibility.rows(), (y + 1L) << level));
        }
    }

    private void allocate(int y, int row0, int row1) {
        int from = Integer.MAX_VALUE;
        int to = 0;
        for (int row = row0; row < row1; row++) {
            if (visibility.end(row) > visibility.first(row)) {
                from = Math.min(from, visibility.first(row));
                to = Math.max(to, visibility.end(row));
            }
        }
        start[y] = Math.min(from, to) >> level;
        int length = to == 0 ? 0 : ((to - 1) >> level) + 1 - start[y];
        max[y] = new float[length];
        sum[y] = level == 0 ? max[y] : new float[length];
    }

    @Override
    public Worker worker() {
        Gatherer gatherer = new Gatherer();
        gatherers.add(gatherer);
        return gatherer;
    }

    @Override
    public void finish() {
        float[][] counts = new float[start.length][];
        CellCounter counter = new CellCounter(visibility);
        for (int y = 0; y < start.length; y++) {
            int row0 = y << level;
            int row1 = (int) Math.min(visibility.rows(), (y + 1L) << level);
            counter.band(Math.ceilDiv(row0, rowStep) * rowStep, row1, rowStep);
            counts[y] = new float[max[y].length];
            for (int x = 0; x < max[y].length; x++) {
                int col0 = (start[y] + x) << level;
                int col1 = (int) Math.min(visibility.cols(), (start[y] + x + 1L) << level);
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
        pyramid = Pyramid.over(level, topLevel, new PyramidLevel(cols, start, max, sum), counts);
    }

    /** The pyramid, after the sweep. */
    Pyramid pyramid() {
        if (pyramid == null) {
            throw new IllegalStateException("the sweep has not finished");
        }
        return pyramid;
    }

    /** Smallest positive probability that was met; positive infinity when there was none. */
    float least() {
        float least = Float.POSITIVE_INFINITY;
        for (Gatherer gatherer : gatherers) {
            least = Math.min(least, gatherer.least);
        }
        return least;
    }

    /** Mean share of a row's mass that lay on excluded keys. */
    double dropped() {
        double dropped = 0;
        long rows = 0;
        for (Gatherer gatherer : gatherers) {
            dropped += gatherer.dropped;
            rows += gatherer.rows;
        }
        return rows == 0 ? 0 : dropped / rows;
    }

    private final class Gatherer implements Worker {
        private float[] groupMax = new float[0];
        private float[] groupSum = new float[0];
        private float least = Float.POSITIVE_INFINITY;
        private double dropped;
        private long rows;

        @Override
        public void accept(RowBlock block) {
            for (int lane = 0; lane < block.count; lane++) {
                least = Math.min(least, block.least[lane]);
                dropped += block.dropped[lane];
            }
            rows += block.count;
            int keys = block.key1 - block.key0;
            if (keys == 0) {
                return;
            }
            if (level == 0) {
                for (int lane = 0; lane < block.count; lane++) {
                    copyRow(block, lane);
                }
                return;
            }
            int group = 1 << level;
            int phase = block.key0 & (group - 1);
            int groups = Math.ceilDiv(phase + keys, group);
            if (groupMax.length < groups * LANES) {
                groupMax = new float[groups * LANES];
                groupSum = new float[groups * LANES];
            }
            kernels.groups(block.p, 0, keys, phase, group, groupMax, groupSum);
            for (int lane = 0; lane < block.count; ) {
                int y = (block.row0 + lane * block.rowStep) >> level;
                int end = lane + 1;
                while (end < block.count && (block.row0 + end * block.rowStep) >> level == y) {
                    end++;
                }
                merge(y, lane, end, block.key0 >> level, groups);
                lane = end;
            }
        }

        private void copyRow(RowBlock block, int lane) {
            int row = block.row0 + lane * block.rowStep;
            float[] target = max[row];
            int at = (start[row] - block.key0) * LANES + lane;
            for (int x = 0; x < target.length; x++) {
                target[x] = block.p[at + x * LANES];
            }
        }

        /** Pools lanes [lane0, lane1) into pixel row y, which other threads may share. */
        private void merge(int y, int lane0, int lane1, int firstPixel, int groups) {
            float[] maxRow = max[y];
            float[] sumRow = sum[y];
            int from = Math.max(0, start[y] - firstPixel);
            int to = Math.min(groups, start[y] + maxRow.length - firstPixel);
            synchronized (maxRow) {
                for (int g = from; g < to; g++) {
                    float top = 0;
                    float total = 0;
                    for (int i = g * LANES + lane0; i < g * LANES + lane1; i++) {
                        top = Math.max(top, groupMax[i]);
                        total += groupSum[i];
                    }
                    int x = firstPixel + g - start[y];
                    maxRow[x] = Math.max(maxRow[x], top);
                    sumRow[x] += total;
                }
            }
        }
    }
}
