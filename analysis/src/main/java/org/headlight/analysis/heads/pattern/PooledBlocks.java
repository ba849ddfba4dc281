package org.headlight.analysis.heads.pattern;

import org.headlight.engine.capture.QkHead;
import org.headlight.engine.matrix.Matrix;

import java.util.Arrays;

/**
 * Mean queries and keys of blocks, and the blocks of keys that fit a block of queries best. Memory
 * is (N + M) / block x D. Immutable, thread-safe.
 */
final class PooledBlocks {
    private final float[] queries;
    private final float[] keys;
    private final int depth;
    private final int blocks;
    private final int chosen;
    private final int ahead;

    /**
     * @param ratio one block of so many is chosen
     */
    PooledBlocks(QkHead head, int block, int ratio) {
        this.depth = head.q().cols();
        this.queries = means(head.q(), block);
        this.blocks = Math.ceilDiv(head.k().rows(), block);
        this.keys = turned(means(head.k(), block), blocks, depth);
        this.chosen = Math.max(1, blocks / ratio);
        this.ahead = (head.cols() - head.rows()) / block;
    }

    private static float[] means(Matrix rows, int block) {
        int width = rows.cols();
        int count = Math.ceilDiv(rows.rows(), block);
        float[] means = new float[count * width];
        float[] some = new float[block * width];
        for (int b = 0; b < count; b++) {
            int from = b * block;
            int to = Math.min(rows.rows(), from + block);
            rows.copyRows(from, to, some, 0);
            for (int row = 0; row < to - from; row++) {
                for (int c = 0; c < width; c++) {
                    means[b * width + c] += some[row * width + c];
                }
            }
            for (int c = 0; c < width; c++) {
                means[b * width + c] /= to - from;
            }
        }
        return means;
    }

    /** [depth, blocks] of [blocks, depth]. */
    private static float[] turned(float[] rows, int blocks, int depth) {
        float[] turned = new float[rows.length];
        for (int b = 0; b < blocks; b++) {
            for (int c = 0; c < depth; c++) {
                turned[c * blocks + b] = rows[b * depth + c];
            }
        }
        return turned;
    }

    /** The chosen blocks of keys of a block of queries, all at or before it; 1 for each. */
    byte[] chosen(int queryBlock) {
        int visible = Math.min(blocks, queryBlock + ahead + 1);
        byte[] taken = new byte[blocks];
        if (visible <= chosen) {
            Arrays.fill(taken, 0, visible, (byte) 1);
            return taken;
        }
        float[] scores = new float[visible];
        for (int c = 0; c < depth; c++) {
            float query = queries[queryBlock * depth + c];
            for (int b = 0; b < visible; b++) {
                scores[b] += query * keys[c * blocks + b];
            }
        }
        float[] sorted = scores.clone();
        Arrays.sort(sorted);
        float least = sorted[visible - chosen];
        int left = chosen;
        for (int b = 0; b < visible; b++) {
            if (scores[b] > least) {
                taken[b] = 1;
                left--;
            }
        }
        // Of blocks that fit as well, the first ones.
        for (int b = 0; b < visible && left > 0; b++) {
            if (scores[b] == least) {
                taken[b] = 1;
                left--;
            }
        }
        return taken;
    }
}
