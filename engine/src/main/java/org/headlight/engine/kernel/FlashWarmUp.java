package org.headlight.engine.kernel;

import java.util.Arrays;

/**
 * Runs the kernels of whole attention until they are compiled: for a background thread at start-up.
 * See {@link KernelWarmUp}, which does the same for the kernels of the map.
 */
final class FlashWarmUp {
    private final FlashKernels goal;
    private final FlashKernels reference;

    /**
     * @param goal the kernels to warm up
     * @param reference the plain kernels that they must beat to count as warm
     */
    FlashWarmUp(FlashKernels goal, FlashKernels reference) {
        this.goal = goal;
        this.reference = reference;
    }

    /**
     * Channels of 6 + 1 vectors of 512 bits and more: the loops of single queries differ by width.
     */
    private static final int WIDE = 101;

    /** Works until every kernel of the goal is compiled; returns whether they got fast. */
    boolean run() {
        Trial small = new Trial(11, 11);
        Trial wide = new Trial(11, WIDE);
        Trial probe = new Trial(FlashTile.KEYS, 32);
        return WarmUpLoop.run(
                () -> {
                    small.run(goal);
                    wide.runRows(goal);
                },
                () -> WarmUpLoop.best(() -> probe.run(goal)),
                () -> WarmUpLoop.best(() -> probe.run(reference)));
    }

    /** One small pass through every kernel; 11 = 6 + 4 + 1 goes through every loop. */
    private static final class Trial {
        private final int keys;
        private final int depth;
        private final float[] data;
        private final float[] out;
        private final FlashTile tile = new FlashTile();
        private final FlashRow row = new FlashRow();
        private final long[] seen = new long[FlashTile.KEYS];

        Trial(int keys, int depth) {
            this.keys = keys;
            this.depth = depth;
            this.data = new float[Math.max(keys, FlashTile.LANES) * depth];
            this.out = new float[FlashTile.LANES * depth];
            for (int i = 0; i < data.length; i++) {
                data[i] = i % 7 * 0.25f - 0.75f;
            }
            tile.shape(depth, depth);
            row.shape(depth, depth);
            Arrays.fill(tile.end(), keys - 1f);
            Arrays.fill(seen, -2);
            System.arraycopy(data, 0, row.query(), 0, depth);
            for (int i = 0; i < keys; i++) {
                row.keys()[i] = i;
            }
        }

        void run(FlashKernels kernels) {
            Arrays.fill(tile.max(), FlashTile.NOTHING);
            Arrays.fill(tile.sum(), 0);
            Arrays.fill(tile.output(), 0);
            kernels.pack(tile, data, 0, depth, FlashTile.LANES, 0.5f);
            for (int twice = 0; twice < 2; twice++) {
                kernels.scores(tile, data, 0, depth, keys);
                kernels.cap(tile.scores(), keys * FlashTile.LANES, 30);
                kernels.hide(tile, 0, keys);
                kernels.hide(tile, seen, 0, keys);
                kernels.soften(tile, keys);
                kernels.weigh(tile, data, 0, depth, keys);
            }
            kernels.unpack(tile, out, 0, depth, FlashTile.LANES);
            runRows(kernels);
        }

        /** The kernels of single queries alone. */
        void runRows(FlashKernels kernels) {
            kernels.dots(row, data, 0, depth, keys);
            kernels.soften(row, keys);
            kernels.weigh(row, data, 0, depth, keys);
        }
    }
}
