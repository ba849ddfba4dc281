package org.headlight.viz.raster;

import org.headlight.engine.kernel.AttentionKernels;
import org.headlight.engine.sweep.RowBlock;
import org.headlight.engine.sweep.SweepConsumer;
import org.headlight.engine.sweep.Visibility;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** Fills the base level of a pyramid, by maximum and by mean, from the blocks of one sweep. */
final class PyramidConsumer implements SweepConsumer {
    private static final int LANES = RowBlock.LANES;

    private final AttentionKernels kernels;
    private final int level;
    private final int topLevel;
    private final int rowStep;
    private final BaseLevel base;
    private final List<Gatherer> gatherers = new ArrayList<>();
    private @Nullable Pyramid pyramid;

    PyramidConsumer(
            Visibility visibility, AttentionKernels kernels, int level, int topLevel, int rowStep) {
        this.kernels = kernels;
        this.level = level;
        this.topLevel = topLevel;
        this.rowStep = rowStep;
        this.base = BaseLevel.empty(visibility, level);
    }

    @Override
    public Worker worker() {
        Gatherer gatherer = new Gatherer();
        gatherers.add(gatherer);
        return gatherer;
    }

    @Override
    public void finish() {
        pyramid = base.pyramid(topLevel, rowStep);
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
            float[] target = base.max(row);
            int at = (base.start(row) - block.key0) * LANES + lane;
            for (int x = 0; x < target.length; x++) {
                target[x] = block.p[at + x * LANES];
            }
        }

        /** Pools lanes [lane0, lane1) into pixel row y, which other threads may share. */
        private void merge(int y, int lane0, int lane1, int firstPixel, int groups) {
            float[] maxRow = base.max(y);
            float[] sumRow = base.sum(y);
            int from = Math.max(0, base.start(y) - firstPixel);
            int to = Math.min(groups, base.start(y) + maxRow.length - firstPixel);
            synchronized (maxRow) {
                for (int g = from; g < to; g++) {
                    float top = 0;
                    float total = 0;
                    for (int i = g * LANES + lane0; i < g * LANES + lane1; i++) {
                        top = Math.max(top, groupMax[i]);
                        total += groupSum[i];
                    }
                    int x = firstPixel + g - base.start(y);
                    maxRow[x] = Math.max(maxRow[x], top);
                    sumRow[x] += total;
                }
            }
        }
    }
}
