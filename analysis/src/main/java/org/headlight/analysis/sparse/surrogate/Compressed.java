package org.headlight.analysis.sparse.surrogate;

import org.headlight.analysis.sparse.PolicySite;
import org.headlight.analysis.sparse.select.Pooled;
import org.headlight.analysis.sparse.select.Rows;
import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.attend.HeadArray;

import java.util.Arrays;

/** Means of blocks of keys in place of learned ones, and how much queries attend to them. */
final class Compressed {
    private final AttentionInput text;
    private final HeadArray means;
    private final int block;
    private final int group;
    private final double[] own;

    /**
     * @param block keys of a block
     */
    Compressed(PolicySite site, int block) {
        this.text = site.whole();
        this.block = block;
        this.means = Pooled.means(text.k().rows(0, site.to()), block);
        this.group = site.heads() / site.keyHeads();
        this.own = new double[means.rows()];
    }

    /** Blocks up to that of the last query. */
    int blocks() {
        return means.rows();
    }

    /** Blocks whose last key is not after a query. */
    int complete(int position) {
        return (position + 1) / block;
    }

    /**
     * Softmax over the complete blocks, summed over the query heads that share keys.
     *
     * @param target receives a share for each complete block
     */
    void shares(int keyHead, int position, double[] target) {
        int count = complete(position);
        Arrays.fill(target, 0, count, 0);
        for (int head = keyHead * group; head < (keyHead + 1) * group; head++) {
            for (int b = 0; b < count; b++) {
                own[b] = score(head, position, b);
            }
            Rows.soften(own, count, Double.NEGATIVE_INFINITY);
            for (int b = 0; b < count; b++) {
                target[b] += own[b];
            }
        }
    }

    /** The score of a query and the mean of a block, scaled and capped as the model does. */
    double score(int head, int position, int b) {
        HeadArray q = text.q();
        float dot =
                Rows.dot(
                        q.values(),
                        q.at(head, position),
                        means.values(),
                        means.at(text.keyHead(head), b),
                        q.width());
        double score = (double) dot * text.scale();
        double cap = text.softCap();
        return cap > 0 ? cap * Math.tanh(score / cap) : score;
    }
}
