package org.headlight.analysis.sparse.position;

import org.headlight.analysis.sparse.Plan;
import org.headlight.analysis.sparse.PolicyInfo;
import org.headlight.analysis.sparse.PolicySite;
import org.headlight.analysis.sparse.Rotary;
import org.headlight.analysis.sparse.select.Causal;
import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.attend.AttentionOutput;
import org.headlight.engine.attend.HeadArray;
import org.headlight.engine.attend.LogSumExp;
import org.headlight.engine.attend.Selection;
import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.cut.SiteAttend;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.task.Progress;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/**
 * One softmax over two disjoint sets of keys: a window of the newest keys at their own positions,
 * and some of the keys before it, towards which queries (and where asked keys too) sit at other
 * positions.
 *
 * @param from position of the first query
 * @param window keys of the near part, the query's own counted, W
 * @param far which keys of those before the window, of as many keys as {@code farKeys}
 * @param farKeys the first keys, which the far part is chosen from
 * @param rotary of the layer
 * @param queryAt where a query at a position sits for the far part
 * @param keyAt where a far key at a position sits
 */
record NearAndFar(
        int from,
        int window,
        Selection far,
        int farKeys,
        Rotary rotary,
        IntUnaryOperator queryAt,
        IntUnaryOperator keyAt)
        implements Plan.Work {

    /**
     * A window, and the first tokens at other positions: a band.
     *
     * @param first how many tokens from the beginning
     * @param window keys up to the query's own
     * @param rotary of the model
     * @param queryAt where a query at a position sits for the first tokens
     * @param keyAt where the first tokens sit
     * @throws BadInputException when the site is not causal, or has keys of another width
     */
    static Plan band(
            PolicyInfo info,
            PolicySite site,
            int first,
            int window,
            Rotary rotary,
            IntUnaryOperator queryAt,
            IntUnaryOperator keyAt) {
        Causal.check(info, site);
        Rotary own = Positions.of(info, rotary, site);
        NearAndFar work =
                new NearAndFar(site.from(), window, Selection.dense(), first, own, queryAt, keyAt);
        return new Plan.Computed(work, Optional.of(Selection.band(first, window)));
    }

    @Override
    public void attend(
            AttentionInput input, SiteAttend kernels, AttentionOutput output, Progress progress) {
        int rows = input.q().rows();
        int keys = Math.min(farKeys, from + rows);
        AttentionInput near = input.part(0, rows, from + rows);
        kernels.attend(near, Selection.band(0, window), output);
        if (keys == 0 || from + rows <= window) {
            return;
        }
        AttentionInput old = input.part(0, rows, keys);
        HeadArray q = rotary.turned(old.q(), Positions.shifts(from, rows, queryAt));
        HeadArray k = rotary.turned(old.k(), Positions.shifts(0, keys, keyAt));
        List<AttentionMask> masks = new ArrayList<>();
        for (int head = 0; head < q.heads(); head++) {
            masks.add(new Before(old.mask(head), from, window));
        }
        float[] sinks = new float[q.heads()];
        Arrays.fill(sinks, Float.NEGATIVE_INFINITY);
        AttentionOutput part = AttentionOutput.allocate(q.heads(), rows, old.v().width());
        kernels.attend(old.with(q, k, old.v()).withMasks(masks).withSinks(sinks), far, part);
        LogSumExp.merge(part, output);
    }

    /**
     * A mask without a window of the newest keys.
     *
     * @param all what the query may see
     * @param from position of the first query
     * @param window keys that are left out, the query's own counted
     */
    private record Before(AttentionMask all, int from, int window) implements AttentionMask {
        @Override
        public int firstKey(int row) {
            return all.firstKey(row);
        }

        @Override
        public int endKey(int row) {
            return Math.min(all.endKey(row), Math.max(0, from + row + 1 - window));
        }

        @Override
        public boolean unbiased() {
            return all.unbiased();
        }

        @Override
        public float bias(int row, int col) {
            return col < endKey(row) ? all.bias(row, col) : MASKED;
        }

        @Override
        public boolean causal() {
            return false;
        }
    }
}
