package org.headlight.analysis.sparse.prefill;

import org.headlight.analysis.sparse.select.Best;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;

/**
 * Which blocks each query of a key head keeps, by what it looks at among the means.
 *
 * @param block keys of a block
 * @param init blocks at the beginning that are always kept
 * @param local blocks before the own that are always kept
 * @param most blocks that are kept, the forced ones counted
 */
record CompressedChoice(int block, int init, int local, int most) {
    private static final int LANES = TilePacker.LANES;

    /** Blocks of each query, rising. */
    int[][] of(CompressedKeys keys, int keyHead, SweepOptions sweep, Progress progress) {
        int rows = keys.input().q().rows();
        int offset = keys.input().k().rows() - rows;
        TilePacker tile = new TilePacker(sweep.kernels(), keys.input().q().width());
        float[] attention = new float[Math.max(1, keys.count() * LANES)];
        double[] scores = new double[Math.ceilDiv(keys.input().k().rows(), block)];
        int[][] kept = new int[rows][];
        for (int row0 = 0; row0 < rows; row0 += LANES) {
            progress.check();
            keys.attention(sweep.kernels(), tile, keyHead, row0, attention);
            for (int row = row0; row < Math.min(rows, row0 + LANES); row++) {
                kept[row] = blocks(keys, attention, row - row0, row + offset, scores);
            }
        }
        return kept;
    }

    private int[] blocks(
            CompressedKeys keys, float[] attention, int lane, int position, double[] scores) {
        int own = position / block;
        int perBlock = block / keys.stride();
        int seen = keys.seen(position);
        for (int b = 0; b <= own; b++) {
            boolean forced = b < init || b >= own - local;
            double largest = 0;
            int last = Math.min(seen - 1, b * perBlock + perBlock - 1);
            for (int i = Math.max(0, b * perBlock - 1); i <= last; i++) {
                largest = Math.max(largest, attention[i * LANES + lane]);
            }
            scores[b] = forced ? Double.POSITIVE_INFINITY : largest;
        }
        return Best.of(scores, own + 1, most);
    }
}
