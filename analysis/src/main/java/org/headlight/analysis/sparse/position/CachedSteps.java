package org.headlight.analysis.sparse.position;

import org.headlight.analysis.sparse.Plan;
import org.headlight.analysis.sparse.Rotary;
import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.attend.AttentionOutput;
import org.headlight.engine.attend.HeadArray;
import org.headlight.engine.attend.Selection;
import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.cut.SiteAttend;
import org.headlight.engine.task.Progress;

import java.util.ArrayList;
import java.util.List;

/**
 * Attention of each step over a cache of its own, whose keys sit at their index in it, and the
 * query at the last.
 *
 * @param from position of the first step
 * @param caches tokens held at each step, in order, the step's own last
 * @param rotary of the layer
 */
record CachedSteps(int from, List<int[]> caches, Rotary rotary) implements Plan.Work {

    CachedSteps {
        caches = List.copyOf(caches);
    }

    @Override
    public void attend(
            AttentionInput input, SiteAttend kernels, AttentionOutput output, Progress progress) {
        int heads = input.q().heads();
        float[] lse = new float[heads];
        for (int step = 0; step < caches.size(); step++) {
            progress.check();
            int[] held = caches.get(step);
            int[] shifts = new int[held.length];
            for (int i = 0; i < held.length; i++) {
                shifts[i] = i - held[i];
            }
            HeadArray q =
                    rotary.turned(
                            input.q().rows(step, step + 1),
                            new int[] {held.length - 1 - (from + step)});
            HeadArray k = rotary.turned(gathered(input.k(), held), shifts);
            List<AttentionMask> masks = new ArrayList<>();
            for (int head = 0; head < heads; head++) {
                masks.add(new Held(input.mask(head), step, held));
            }
            AttentionInput own =
                    input.part(step, step + 1, input.k().rows())
                            .with(q, k, gathered(input.v(), held))
                            .withMasks(masks);
            AttentionOutput row = new AttentionOutput(output.out().rows(step, step + 1), lse);
            kernels.attend(own, Selection.dense(), row);
            for (int head = 0; head < heads; head++) {
                output.lse()[head * caches.size() + step] = lse[head];
            }
        }
    }

    private static HeadArray gathered(HeadArray rows, int[] list) {
        int width = rows.width();
        float[] values = new float[rows.heads() * list.length * width];
        int to = 0;
        for (int head = 0; head < rows.heads(); head++) {
            for (int row : list) {
                System.arraycopy(rows.values(), rows.at(head, row), values, to, width);
                to += width;
            }
        }
        return HeadArray.headsFirst(values, rows.heads(), list.length, width);
    }

    /** What the one query of a step may see of the keys that are held. */
    private static final class Held implements AttentionMask {
        private final AttentionMask all;
        private final int step;
        private final int[] held;
        private final boolean unbiased;

        Held(AttentionMask all, int step, int[] held) {
            this.all = all;
            this.step = step;
            this.held = held;
            // Keys rise, so the first and the last tell whether the window has all of them.
            this.unbiased =
                    all.unbiased()
                            && held[0] >= all.firstKey(step)
                            && held[held.length - 1] < all.endKey(step);
        }

        @Override
        public int firstKey(int row) {
            return 0;
        }

        @Override
        public int endKey(int row) {
            return held.length;
        }

        @Override
        public boolean unbiased() {
            return unbiased;
        }

        @Override
        public float bias(int row, int col) {
            return all.bias(step, held[col]);
        }

        @Override
        public boolean causal() {
            return false;
        }
    }
}
