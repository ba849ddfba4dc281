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
        private final double[] scores;
        private final int[] picked;

        Chooser(CompressedKeys keys, CompressedKeys.Tile tile) {
            this.keys = keys;
            this.tile = tile;
            this.scores = new double[Math.ceilDiv(keys.input().k().rows(), block)];
            this.picked = new int[scores.length];
        }

        /**
         * Blocks of up to 64 queries of a key head, rising.
         *
         * @param kept receives those of each query, by its row
         */
        void choose(int keyHead, int row0, int[][] kept) {
            float[] attention = tile.attention(keyHead, row0);
            for (int row = row0; row < Math.min(kept.length, row0 + LANES); row++) {
                int count = blocks(attention, row - row0, keys.position(row));
                kept[row] = Arrays.copyOf(picked, count);
            }
        }

        private int blocks(float[] attention, int lane, int position) {
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
            return picker.pick(scores, own + 1, most, picked);
        }
    }
}
