package org.headlight.analysis.sparse.prefill;

import org.headlight.analysis.sparse.select.Pooled;
import org.headlight.analysis.sparse.select.Rows;
import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.attend.HeadArray;

/**
 * Scores of mean queries against mean keys: (N / B)^2 x D multiply-adds a head. Masks, biases and
 * soft caps are no part of them.
 */
final class PooledScores {
    private final HeadArray q;
    private final HeadArray k;
    private final int group;
    private final float scale;
    private final double cap;

    /**
     * @param queryBlock queries of a block; the mean of the last is over those that it has
     * @param keyBlock keys of a block; likewise
     */
    PooledScores(AttentionInput input, int queryBlock, int keyBlock) {
        q = Pooled.means(input.q(), queryBlock);
        k = Pooled.means(input.k(), keyBlock);
        group = q.heads() / k.heads();
        scale = input.scale();
        cap = input.softCap();
    }

    /** Key blocks. */
    int cols() {
        return k.rows();
    }

    /**
     * The scores of a query block, scaled and capped as the model does.
     *
     * @param target receives those of key blocks [from, to), each at its number
     */
    void row(int head, int row, int from, int to, double[] target) {
        int at = q.at(head, row);
        for (int col = from; col < to; col++) {
            int key = k.at(head / group, col);
            double score = (double) Rows.dot(q.values(), at, k.values(), key, q.width()) * scale;
            target[col] = cap > 0 ? cap * Math.tanh(score / cap) : score;
        }
    }
}
