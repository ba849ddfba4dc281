package org.headlight.analysis.sparse.surrogate;

import org.headlight.analysis.sparse.select.Best;
import org.headlight.engine.sweep.RowBlock;
import org.headlight.engine.sweep.SweepConsumer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What blocks of queries give to blocks of keys: by a softmax over all keys, and by one over the
 * keys of the generated text alone.
 */
final class BlockMeans implements SweepConsumer {
    private final int tokens;
    private final int block;
    private final int blocks;
    private final int prompt;
    private final double[] all;
    private final double[] alone;
    private final List<double[][]> parts = new ArrayList<>();

    /**
     * @param tokens of the site; rows and keys after them do not count
     * @param prompt key blocks before the generated ones
     */
    BlockMeans(int tokens, int block, int prompt) {
        this.tokens = tokens;
        this.block = block;
        this.blocks = Math.ceilDiv(tokens, block);
        this.prompt = prompt;
        this.all = new double[blocks * blocks];
        this.alone = new double[blocks * blocks];
    }

    @Override
    public Worker worker() {
        double[][] own = {new double[blocks * blocks], new double[blocks * blocks]};
        parts.add(own);
        return rows -> add(rows, own[0], own[1]);
    }

    private void add(RowBlock rows, double[] ownAll, double[] ownAlone) {
        int end = Math.min(rows.key1, tokens);
        double[] sums = new double[blocks];
        for (int lane = 0; lane < rows.count; lane++) {
            int row = rows.row0 + lane;
            if (row >= tokens) {
                return;
            }
            Arrays.fill(sums, 0);
            for (int key = rows.key0; key < end; key++) {
                sums[key / block] += rows.p[(key - rows.key0) * RowBlock.LANES + lane];
            }
            double mass = 0;
            for (int b = prompt; b < blocks; b++) {
                mass += sums[b];
            }
            int at = row / block * blocks;
            for (int b = 0; b < blocks; b++) {
                ownAll[at + b] += sums[b];
                ownAlone[at + b] += b >= prompt && mass > 0 ? sums[b] / mass : 0;
            }
        }
    }

    @Override
    public void finish() {
        for (double[][] part : parts) {
            for (int i = 0; i < all.length; i++) {
                all[i] += part[0][i];
                alone[i] += part[1][i];
            }
        }
    }

    /**
     * Key blocks of a block of queries: of the prompt by the softmax over all keys, of the
     * generated text by its own. Blocks that nothing was given to are not kept.
     *
     * @param count key blocks
     * @param share of them that is kept, one more at least
     */
    boolean[] best(int row, int count, double share) {
        boolean[] kept = new boolean[count];
        double[] scores = means(all, row);
        for (int b : Best.of(scores, count, (int) Math.floor(share * count) + 1)) {
            kept[b] = b < prompt && scores[b] > 0;
        }
        int later = count - prompt;
        if (later > 0) {
            double[] own = Arrays.copyOfRange(means(alone, row), prompt, count);
            for (int b : Best.of(own, later, (int) Math.floor(share * later) + 1)) {
                kept[prompt + b] = own[b] > 0;
            }
        }
        return kept;
    }

    /** Means over keys; the number of queries is the same for a row. */
    private double[] means(double[] sums, int row) {
        double[] means = new double[blocks];
        for (int b = 0; b < blocks; b++) {
            int keys = Math.min(tokens, (b + 1) * block) - b * block;
            means[b] = sums[row * blocks + b] / keys;
        }
        return means;
    }
}
