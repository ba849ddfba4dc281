package org.headlight.analysis.sparse.decode;

import org.headlight.analysis.sparse.select.Best;
import org.headlight.analysis.sparse.select.Rows;
import org.headlight.engine.task.Progress;

/** The keys with the largest scores for each step of each head of a layer. */
final class TopKeys {
    static final TopKeys NONE = new TopKeys(new int[0][][]);

    private final int[][][] keys;

    private TopKeys(int[][][] keys) {
        this.keys = keys;
    }

    /** Up to {@code most} keys for each step, of those that it sees. */
    static TopKeys of(Steps steps, int most, Progress progress) {
        int[][][] keys = new int[steps.heads()][steps.count()][];
        double[] scores = new double[steps.input().k().rows()];
        for (int head = 0; head < keys.length; head++) {
            progress.check();
            for (int step = 0; step < steps.count(); step++) {
                Rows.scores(steps.input(), head, step, scores);
                int first = steps.first(head, step);
                int count = steps.end(head, step) - first;
                System.arraycopy(scores, first, scores, 0, count);
                int[] best = Best.of(scores, count, most);
                for (int i = 0; i < best.length; i++) {
                    best[i] += first;
                }
                keys[head][step] = best;
            }
        }
        return new TopKeys(keys);
    }

    int heads() {
        return keys.length;
    }

    /** Whether these are of the same steps. */
    boolean fits(Steps steps) {
        return keys.length > 0 && keys[0].length == steps.count();
    }

    /** Rising positions. */
    int[] keys(int head, int step) {
        return keys[head][step];
    }
}
