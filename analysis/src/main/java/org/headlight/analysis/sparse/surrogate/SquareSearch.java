package org.headlight.analysis.sparse.surrogate;

import org.headlight.analysis.sparse.Plan;
import org.headlight.analysis.sparse.PolicySite;
import org.headlight.analysis.sparse.select.EachItem;
import org.headlight.analysis.sparse.select.Picker;
import org.headlight.analysis.sparse.select.Rows;
import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.attend.AttentionOutput;
import org.headlight.engine.attend.HeadArray;
import org.headlight.engine.attend.Selection;
import org.headlight.engine.attend.Spans;
import org.headlight.engine.cut.SiteAttend;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;

import java.util.Arrays;

/**
 * Keys at square distances, the spans that the best of them open, and attention over them. A query
 * without such keys attends to its window alone.
 */
final class SquareSearch implements Plan.Work {
    /** Queries that a thread takes at a time. */
    private static final int TOGETHER = 64;

    private final PolicySite site;
    private final int root;
    private final int most;
    private final double reach;
    private final double forward;
    private final int window;

    /** Keys that open spans, best first or in rising order alike, [H][N]. */
    private final int[][][] anchors;

    /** Their shares, [H][N]. */
    private final double[][][] gates;

    SquareSearch(PolicySite site, int root, int most, double reach, double forward) {
        this.site = site;
        this.root = root;
        this.most = most;
        this.reach = reach;
        this.forward = forward;
        this.window = (int) Math.min(Integer.MAX_VALUE, (root + 1L) * (root + 1) - 1);
        this.anchors = new int[site.heads()][site.queries()][];
        this.gates = new double[site.heads()][site.queries()][];
    }

    /** Keys at distances t^2 - 1 beyond the window, rising; the last step ends at the first key. */
    int[] squares(int position) {
        int[] keys = new int[most(position)];
        return Arrays.copyOf(keys, squares(position, keys));
    }

    private int most(int position) {
        return Math.max(0, (int) Math.floor(Math.sqrt(position + 1.0)) + 1 - root);
    }

    private int squares(int position, int[] keys) {
        int end = (int) Math.floor(Math.sqrt(position + 1.0)) + 1;
        int count = 0;
        for (int t = end; t > root; t--) {
            int key = (int) Math.max(0, position - ((long) t * t - 1));
            // Within the window there is nothing to look for.
            if (key <= position - window && (count == 0 || keys[count - 1] < key)) {
                keys[count++] = key;
            }
        }
        return count;
    }

    void choose(SweepOptions sweep, Progress progress) {
        EachItem.run(
                Math.ceilDiv(site.queries(), TOGETHER),
                sweep.threads(),
                progress,
                () -> {
                    Search search = new Search();
                    return item -> {
                        int end = Math.min(site.queries(), (item + 1) * TOGETHER);
                        for (int row = item * TOGETHER; row < end; row++) {
                            search.choose(row);
                        }
                    };
                });
    }

    /** Looks for the best keys of one query after the other, on one thread. */
    private final class Search {
        private final AttentionInput text = site.whole();
        private final int[] keys = new int[most(site.to())];
        private final double[] scores = new double[keys.length];
        private final int[] best = new int[keys.length];
        private final Picker picker = new Picker();

        void choose(int row) {
            int position = site.from() + row;
            int count = squares(position, keys);
            for (int head = 0; head < anchors.length; head++) {
                score(head, position, count);
                int taken = picker.pick(scores, count, most, best);
                int[] chosen = new int[taken];
                double[] shares = new double[taken];
                for (int i = 0; i < taken; i++) {
                    chosen[i] = keys[best[i]];
                    shares[i] = scores[best[i]];
                }
                Rows.soften(shares, taken, Double.NEGATIVE_INFINITY);
                anchors[head][row] = chosen;
                gates[head][row] = shares;
            }
        }

        private void score(int head, int position, int count) {
            HeadArray q = text.q();
            HeadArray k = text.k();
            int keyHead = text.keyHead(head);
            int own = q.at(head, position);
            for (int i = 0; i < count; i++) {
                int at = k.at(keyHead, keys[i]);
                float dot = Rows.dot(q.values(), own, k.values(), at, q.width());
                double score = (double) dot * text.scale();
                double cap = text.softCap();
                scores[i] = cap > 0 ? cap * Math.tanh(score / cap) : score;
            }
        }
    }

    private void span(Spans.Builder spans, int anchor, int position) {
        double root = Math.sqrt(position + 1.0);
        int from = (int) Math.max(0, anchor - Math.ceil(reach * root));
        int end = (int) Math.min(position, anchor + Math.ceil(forward * root)) + 1;
        spans.add(from, end);
    }

    Selection kept() {
        Spans.Builder spans = new Spans.Builder(site.heads(), site.queries(), 1);
        for (int[][] head : anchors) {
            for (int row = 0; row < head.length; row++) {
                int position = site.from() + row;
                for (int anchor : head[row]) {
                    span(spans, anchor, position);
                }
                spans.add(Math.max(0, position + 1 - window), position + 1).next();
            }
        }
        return spans.build();
    }

    /** Each query's span of one rank with the window; the window alone for queries without one. */
    private Selection ranked(int rank) {
        Spans.Builder spans = new Spans.Builder(site.heads(), site.queries(), 1);
        for (int[][] head : anchors) {
            for (int row = 0; row < head.length; row++) {
                int position = site.from() + row;
                boolean has = rank < head[row].length;
                if (has) {
                    span(spans, head[row][rank], position);
                }
                if (has || rank == 0) {
                    spans.add(Math.max(0, position + 1 - window), position + 1);
                }
                spans.next();
            }
        }
        return spans.build();
    }

    /** The log-sum-exp of a row becomes the mean of its spans', weighed as they are. */
    @Override
    public void attend(
            AttentionInput input, SiteAttend kernels, AttentionOutput output, Progress progress) {
        kernels.attend(input, ranked(0), output);
        int rows = site.queries();
        AttentionOutput part = AttentionOutput.allocate(site.heads(), rows, input.v().width());
        int ranks = 1;
        for (int[][] head : anchors) {
            for (int[] list : head) {
                ranks = Math.max(ranks, list.length);
            }
        }
        for (int rank = 1; rank < ranks; rank++) {
            kernels.attend(input, ranked(rank), part);
            for (int head = 0; head < site.heads(); head++) {
                for (int row = 0; row < rows; row++) {
                    if (rank < gates[head][row].length) {
                        mix(part, output, head, row, rank);
                    }
                }
            }
        }
    }

    /** Adds a span to those before it, whose shares so far sum up to less than 1. */
    private void mix(AttentionOutput part, AttentionOutput into, int head, int row, int rank) {
        double before = 0;
        for (int i = 0; i < rank; i++) {
            before += gates[head][row][i];
        }
        double own = gates[head][row][rank];
        float share = before + own > 0 ? (float) (own / (before + own)) : 0;
        int from = part.out().at(head, row);
        int to = into.out().at(head, row);
        for (int d = 0; d < into.out().width(); d++) {
            float value = into.out().values()[to + d];
            into.out().values()[to + d] = value + share * (part.out().values()[from + d] - value);
        }
        int at = head * site.queries() + row;
        into.lse()[at] += share * (part.lse()[at] - into.lse()[at]);
    }
}
