package org.headlight.engine.cuda;

import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.kernel.AttentionKernels;
import org.headlight.engine.kernel.KernelProvider;
import org.headlight.engine.matrix.ArrayMatrix;
import org.headlight.engine.matrix.Matrix;
import org.headlight.engine.sweep.HeadReader;
import org.headlight.engine.sweep.PixelRows;
import org.headlight.engine.sweep.PooledMap;
import org.headlight.engine.sweep.RowBlock;
import org.headlight.engine.sweep.Sweep;
import org.headlight.engine.sweep.SweepConsumer;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.sweep.Visibility;
import org.headlight.engine.task.Progress;

import java.util.List;
import java.util.Set;

/** Maps of a few tokens from the device, held against the processor's, before others are made. */
final class MapTrial {
    private static final int TOKENS = 200;
    private static final int WIDTH = 48;

    /** Differences as a part of what there is; below the second, of that. */
    private static final double CLOSE = 1e-3;

    private static final double LITTLE = 1e-6;

    /** One of every way in which pixels are gathered. */
    private static final int[] LEVELS = {0, 1, 2, 4, 8};

    private final AttentionKernels processor = KernelProvider.scalar();

    /** The device. */
    @FunctionalInterface
    interface Attempt {
        PooledMap pool(QkHead head, Visibility visibility, PixelRows pixels);
    }

    /** Whether the device makes the maps that the processor makes. */
    boolean right(Attempt attempt) {
        AttentionMask causal = AttentionMask.causal(0);
        QkHead plain = new QkHead(numbers(4), numbers(5), null, 0.3f, causal);
        QkHead capped = new QkHead(plain.q(), plain.k(), null, 0.3f, causal, 5, 1);
        for (int level : LEVELS) {
            if (!same(plain, Set.of(), level, attempt)
                    || !same(capped, Set.of(0, 70), level, attempt)) {
                return false;
            }
        }
        return true;
    }

    private boolean same(QkHead head, Set<Integer> excluded, int level, Attempt attempt) {
        Visibility visibility = new Visibility(head, excluded);
        PixelRows pixels = new PixelRows(visibility, level);
        PooledMap map = attempt.pool(head, visibility, pixels);
        Truth truth = new Truth(pixels);
        Sweep.run(head, List.of(truth), new SweepOptions(processor, 1, 1, excluded), Progress.NONE);
        for (int y = 0; y < pixels.rows(); y++) {
            if (!same(map.max()[y], truth.max[y])
                    || (level > 0 && !same(map.sum()[y], truth.sum[y]))) {
                return false;
            }
        }
        HeadReader told = new HeadReader(head, excluded, processor);
        told.learn(map);
        return same(cells(told), cells(new HeadReader(head, excluded, processor)))
                && Math.abs(map.dropped() - truth.dropped / TOKENS) <= CLOSE
                && Math.abs(map.least() - truth.least) <= CLOSE;
    }

    private static float[] cells(HeadReader reader) {
        float[] cells = new float[TOKENS * TOKENS];
        reader.probabilities(0, TOKENS, 0, TOKENS, cells, 0, TOKENS);
        return cells;
    }

    private static boolean same(float[] mine, float[] truth) {
        for (int i = 0; i < truth.length; i++) {
            boolean close = Math.abs(mine[i] - truth[i]) <= CLOSE * (truth[i] + LITTLE);
            if (!close && !Float.isNaN(truth[i])) {
                return false;
            }
        }
        return mine.length == truth.length;
    }

    /** Numbers from -2 to 2. */
    private static Matrix numbers(int seed) {
        float[] values = new float[TOKENS * WIDTH];
        int state = seed;
        for (int i = 0; i < values.length; i++) {
            state = state * 1_664_525 + 1_013_904_223;
            values[i] = ((state >>> 16 & 255) - 127.5f) / 64;
        }
        return new ArrayMatrix(values, TOKENS, WIDTH);
    }

    /** Pools what one thread sweeps. */
    private static final class Truth implements SweepConsumer {
        private final PixelRows pixels;
        private final float[][] max;
        private final float[][] sum;
        private double dropped;
        private float least = Float.POSITIVE_INFINITY;

        Truth(PixelRows pixels) {
            this.pixels = pixels;
            this.max = new float[pixels.rows()][];
            this.sum = new float[pixels.rows()][];
            for (int y = 0; y < max.length; y++) {
                max[y] = new float[pixels.length(y)];
                sum[y] = new float[pixels.length(y)];
            }
        }

        @Override
        public Worker worker() {
            return this::take;
        }

        private void take(RowBlock block) {
            for (int lane = 0; lane < block.count; lane++) {
                int y = (block.row0 + lane) >> pixels.level();
                for (int key = block.key0; key < block.key1; key++) {
                    float p = block.p[(key - block.key0) * RowBlock.LANES + lane];
                    int x = (key >> pixels.level()) - pixels.start(y);
                    if (p > 0) {
                        max[y][x] = Math.max(max[y][x], p);
                        sum[y][x] += p;
                    }
                }
                dropped += block.dropped[lane];
                least = Math.min(least, block.least[lane]);
            }
        }

        @Override
        public void finish() {
            // One thread has put all in its place.
        }
    }
}
