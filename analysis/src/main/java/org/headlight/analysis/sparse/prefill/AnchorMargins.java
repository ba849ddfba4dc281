package org.headlight.analysis.sparse.prefill;

import org.headlight.analysis.sparse.select.Compact;
import org.headlight.analysis.sparse.select.Pooled;
import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.attend.HeadArray;
import org.headlight.engine.kernel.AttentionKernels;

import java.util.Arrays;

/**
 * How far below the anchor the scores of single keys lie, for groups of query blocks: the anchor is
 * the mean, over a block's queries, of the largest score in the first key block, the block before
 * the group and the group itself; a key's margin is the least over the blocks of the group.
 */
final class AnchorMargins {
    private static final int LANES = TilePacker.LANES;

    private final AttentionInput input;
    private final AttentionKernels kernels;
    private final HeadArray keys;
    private final HeadArray means;
    private final int block;
    private final int step;

    AnchorMargins(AttentionInput input, int block, int step, AttentionKernels kernels) {
        this.input = input;
        this.kernels = kernels;
        this.block = block;
        this.step = step;
        this.keys = Compact.rows(input.k());
        this.means = Pooled.means(input.q(), block);
    }

    /** Queries and keys of a block. */
    int block() {
        return block;
    }

    /** Queries of a group. */
    int group() {
        return block * step;
    }

    /** Full groups; the queries after them are not served. */
    int groups() {
        return input.q().rows() / group();
    }

    /** The position of a group's first query. */
    int start(int list) {
        return list * group() + Causal.offset(input);
    }

    /** Margins of a head: for each full group those of keys [block, start - block). */
    float[][] of(int head) {
        TilePacker tile = new TilePacker(kernels, input.q().width());
        float[][] margins = new float[groups()][];
        for (int list = 0; list < margins.length; list++) {
            margins[list] = new float[Math.max(0, start(list) - 2 * block)];
            Arrays.fill(margins[list], Float.POSITIVE_INFINITY);
            if (margins[list].length > 0) {
                fill(tile, head, list, margins[list]);
            }
        }
        return margins;
    }

    private void fill(TilePacker tile, int head, int list, float[] target) {
        float[] anchors = anchors(tile, head, list);
        int first = list * step;
        for (int b = 0; b < step; b += LANES) {
            int count = Math.min(LANES, step - b);
            tile.pack(means, head, first + b, first + b + count, input.scale());
            for (int key = block; key < block + target.length; key += TilePacker.KEYS) {
                int end = Math.min(block + target.length, key + TilePacker.KEYS);
                float[] scores = tile.scores(keys, input.keyHead(head), key, end);
                for (int i = 0; i < end - key; i++) {
                    float least = target[key - block + i];
                    for (int lane = 0; lane < count; lane++) {
                        least = Math.min(least, anchors[b + lane] - scores[i * LANES + lane]);
                    }
                    target[key - block + i] = least;
                }
            }
        }
    }

    /** The anchor of each block of a group. */
    private float[] anchors(TilePacker tile, int head, int list) {
        float[] anchors = new float[step];
        int row0 = list * group();
        float[] most = new float[LANES];
        for (int row = row0; row < row0 + group(); row += LANES) {
            tile.pack(input.q(), head, row, row + LANES, input.scale());
            Arrays.fill(most, Float.NEGATIVE_INFINITY);
            int position = row + Causal.offset(input);
            raise(tile, head, 0, block, position, most);
            int from = Math.max(block, start(list) - block);
            raise(tile, head, from, position + LANES, position, most);
            for (int lane = 0; lane < LANES; lane++) {
                anchors[(row + lane - row0) / block] += most[lane] / block;
            }
        }
        return anchors;
    }

    /** Raises each lane's largest score to those of keys that it may see. */
    private void raise(TilePacker tile, int head, int from, int to, int position, float[] most) {
        for (int key = from; key < to; key += TilePacker.KEYS) {
            int end = Math.min(to, key + TilePacker.KEYS);
            float[] scores = tile.scores(keys, input.keyHead(head), key, end);
            for (int i = 0; i < end - key; i++) {
                int first = Math.max(0, key + i - position);
                for (int lane = first; lane < LANES; lane++) {
                    most[lane] = Math.max(most[lane], scores[i * LANES + lane]);
                }
            }
        }
    }
}
