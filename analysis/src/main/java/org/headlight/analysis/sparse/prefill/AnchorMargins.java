package org.headlight.analysis.sparse.prefill;

import org.headlight.analysis.sparse.select.Causal;
import org.headlight.analysis.sparse.select.Compact;
import org.headlight.analysis.sparse.select.Pooled;
import org.headlight.analysis.sparse.select.TilePacker;
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
        float[] anchors = new float[groups() * step];
        for (int list = 0; list < margins.length; list++) {
            margins[list] = new float[Math.max(0, start(list) - 2 * block)];
            Arrays.fill(margins[list], Float.POSITIVE_INFINITY);
            if (margins[list].length > 0) {
                addAnchors(tile, head, list, anchors);
            }
        }
        for (int first = 0; first < anchors.length; first += LANES) {
            lower(tile, head, first, anchors, margins);
        }
        return margins;
    }

    /** Lowers margins to those of up to 64 blocks. */
    private void lower(TilePacker tile, int head, int first, float[] anchors, float[][] margins) {
        int count = Math.min(LANES, anchors.length - first);
        int most = margins[(first + count - 1) / step].length;
        tile.pack(means, head, first, first + count, input.scale());
        for (int from = 0; from < most; from += TilePacker.KEYS) {
            int to = Math.min(most, from + TilePacker.KEYS);
            int keyHead = input.keyHead(head);
            float[] scores = tile.scores(keys, keyHead, block + from, block + to);
            for (int lane = 0; lane < count; lane++) {
                float[] target = margins[(first + lane) / step];
                float anchor = anchors[first + lane];
                for (int i = from; i < Math.min(to, target.length); i++) {
                    float margin = anchor - capped(scores[(i - from) * LANES + lane]);
                    target[i] = Math.min(target[i], margin);
                }
            }
        }
    }

    /** Sets the anchor of each block of a group. */
    private void addAnchors(TilePacker tile, int head, int list, float[] anchors) {
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
                anchors[row / block] += capped(most[lane]) / block;
            }
        }
    }

    private float capped(float score) {
        float cap = input.softCap();
        return cap > 0 ? cap * (float) Math.tanh(score / cap) : score;
    }

    /** Raises each lane's largest score to those of keys that it may see. */
    private void raise(TilePacker tile, int head, int from, int to, int position, float[] most) {
        float[] largest = new float[LANES];
        for (int key = from; key < to; key += TilePacker.KEYS) {
            int end = Math.min(to, key + TilePacker.KEYS);
            float[] scores = tile.scores(keys, input.keyHead(head), key, end);
            for (int i = Math.max(0, position + 1 - key); i < end - key; i++) {
                int hidden = Math.min(LANES, key + i - position);
                Arrays.fill(scores, i * LANES, i * LANES + hidden, Float.NEGATIVE_INFINITY);
            }
            kernels.groupMax(scores, 0, end - key, 0, end - key, largest);
            for (int lane = 0; lane < LANES; lane++) {
                most[lane] = Math.max(most[lane], largest[lane]);
            }
        }
    }
}
