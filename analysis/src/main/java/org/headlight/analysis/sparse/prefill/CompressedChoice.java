package org.headlight.analysis.sparse.prefill;

import org.headlight.analysis.sparse.select.CompressedKeys;
import org.headlight.analysis.sparse.select.Picker;
import org.headlight.analysis.sparse.select.TilePacker;

import java.util.Arrays;

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

    /** Chooses for one query after the other, on one thread. */
    final class Chooser {
        private final CompressedKeys keys;
        private final CompressedKeys.Tile tile;
        private final Picker picker = new Picker();
        private final float[] scores;
        private final int[] picked;

        Chooser(CompressedKeys keys, CompressedKeys.Tile tile) {
            this.keys = keys;
            this.tile = tile;
            this.picked = new int[Math.ceilDiv(keys.input().k().rows(), block)];
            this.scores = new float[picked.length * LANES];
        }

        /**
         * Blocks of up to 64 queries of a key head, rising.
         *
         * @param kept receives those of each query, by its row
         */
        void choose(int keyHead, int row0, int[][] kept) {
            int end = Math.min(kept.length, row0 + LANES);
            score(tile.attention(keyHead, row0), keys.position(end - 1) / block);
            for (int row = row0; row < end; row++) {
                int own = keys.position(row) / block;
                int lane = row - row0;
                for (int b = 0; b < Math.min(init, own + 1); b++) {
                    scores[b * LANES + lane] = Float.POSITIVE_INFINITY;
                }
                for (int b = Math.max(0, own - local); b <= own; b++) {
                    scores[b * LANES + lane] = Float.POSITIVE_INFINITY;
                }
                int count = picker.pick(scores, lane, LANES, own + 1, most, picked);
                kept[row] = Arrays.copyOf(picked, count);
            }
        }

        /**
         * Scores of blocks [0, last] for all queries of the tile: the largest of the means that
         * begin in a block, and of the one before. What a query does not see has 0.
         */
        private void score(float[] attention, int last) {
            int perBlock = block / keys.stride();
            for (int b = 0; b <= last; b++) {
                int to = b * LANES;
                Arrays.fill(scores, to, to + LANES, 0);
                int end = Math.min(keys.count(), (b + 1) * perBlock);
                for (int i = Math.max(0, b * perBlock - 1); i < end; i++) {
                    int from = i * LANES;
                    for (int lane = 0; lane < LANES; lane++) {
                        scores[to + lane] = Math.max(scores[to + lane], attention[from + lane]);
                    }
                }
            }
        }
    }
}
