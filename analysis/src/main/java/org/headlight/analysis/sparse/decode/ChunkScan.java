package org.headlight.analysis.sparse.decode;

import org.headlight.analysis.sparse.select.Best;
import org.headlight.analysis.sparse.select.Rows;
import org.headlight.engine.attend.HeadArray;

/**
 * Scores chunks of keys by a few of their keys (HiP): a chunk is halved, the half whose middle key
 * scores higher is halved again, and so on down to one key; its score is the largest seen on the
 * way.
 */
final class ChunkScan {
    private final HeadArray q;
    private final HeadArray k;
    private final Steps steps;
    private final int head;
    private final int heads;

    /**
     * @param heads query heads from {@code head} on, of whose scores the largest counts
     */
    ChunkScan(Steps steps, int head, int heads) {
        this.steps = steps;
        this.q = steps.input().q();
        this.k = steps.input().k();
        this.head = head;
        this.heads = heads;
    }

    /**
     * The best chunks.
     *
     * @param starts where chunks begin, rising
     * @param length keys of a chunk, fewer where {@code end} comes first
     * @return some of the starts, rising
     */
    int[] best(int step, int[] starts, int length, int end, int most) {
        if (starts.length <= most) {
            return starts;
        }
        double[] scores = new double[starts.length];
        for (int i = 0; i < scores.length; i++) {
            double best = Double.NEGATIVE_INFINITY;
            for (int h = head; h < head + heads; h++) {
                best = Math.max(best, score(h, step, starts[i], Math.min(end, starts[i] + length)));
            }
            scores[i] = best;
        }
        int[] best = Best.of(scores, scores.length, most);
        for (int i = 0; i < best.length; i++) {
            best[i] = starts[best[i]];
        }
        return best;
    }

    /** The score of keys [from, to) for one head; of equal halves the right one is taken. */
    double score(int h, int step, int from, int to) {
        int left = from;
        int right = to;
        double best = right - left == 1 ? product(h, step, left) : Double.NEGATIVE_INFINITY;
        while (right - left > 1) {
            int middle = (left + right) / 2;
            double early = product(h, step, (left + middle) / 2);
            double late = product(h, step, (middle + right) / 2);
            best = Math.max(best, Math.max(early, late));
            if (early > late) {
                right = middle;
            } else {
                left = middle;
            }
        }
        return best;
    }

    private double product(int h, int step, int key) {
        int keyHead = steps.input().keyHead(h);
        return Rows.dot(q.values(), q.at(h, step), k.values(), k.at(keyHead, key), q.width());
    }
}
