package org.headlight.analysis.sparse.prefill;

import org.headlight.analysis.sparse.PolicyRun;
import org.headlight.analysis.sparse.PolicySite;
import org.headlight.analysis.sparse.select.Best;
import org.headlight.analysis.sparse.select.EachHead;
import org.headlight.analysis.sparse.select.SiteMaps;
import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.attention.SiteKind;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which key heads see everything. A head's retrieval score is the mean share of its attention that
 * its last queries put elsewhere than on the first keys and the last ones, over the query heads of
 * a key head. With a dense run over the text, the best of all layers together are dense; without
 * one, the best of each layer.
 */
final class HeadSplit {
    private final double share;
    private final int sink;
    private final int window;
    private final int last;
    private final PolicyRun run;
    private final Map<Integer, boolean[]> known = new HashMap<>();

    HeadSplit(double share, int sink, int window, int last, PolicyRun run) {
        this.share = share;
        this.sink = sink;
        this.window = window;
        this.last = last;
        this.run = run;
    }

    /** Whether each key head of a site is dense. */
    boolean[] dense(PolicySite site, AttentionInput input, Progress progress) {
        if (known.isEmpty() && run.dense().isPresent()) {
            rank(run.dense().get(), progress);
        }
        boolean[] split = known.get(site.layer());
        return split != null && split.length == site.keyHeads()
                ? split
                : best(scores(input, progress));
    }

    private void rank(Capture capture, Progress progress) {
        List<double[]> all = new ArrayList<>();
        List<Integer> layers = new ArrayList<>();
        int count = 0;
        for (SiteCapture site : capture.sites()) {
            if (site.kind() == SiteKind.SELF) {
                all.add(scores(site.heads(), site.kvHeads(), progress));
                layers.add(site.layer());
                count += site.kvHeads();
            }
        }
        double[] joined = new double[count];
        int at = 0;
        for (double[] scores : all) {
            System.arraycopy(scores, 0, joined, at, scores.length);
            at += scores.length;
        }
        boolean[] taken = best(joined);
        at = 0;
        for (int i = 0; i < layers.size(); i++) {
            boolean[] own = new boolean[all.get(i).length];
            System.arraycopy(taken, at, own, 0, own.length);
            at += own.length;
            known.put(layers.get(i), own);
        }
    }

    /** The share of the heads with the largest scores. */
    private boolean[] best(double[] scores) {
        boolean[] taken = new boolean[scores.length];
        int most = (int) Math.round(share * scores.length);
        for (int i : Best.of(scores, scores.length, most)) {
            taken[i] = true;
        }
        return taken;
    }

    private double[] scores(AttentionInput input, Progress progress) {
        List<HeadAttention> heads = new ArrayList<>();
        for (int head = 0; head < input.q().heads(); head++) {
            heads.add(SiteMaps.map(input, head));
        }
        return scores(heads, input.k().heads(), progress);
    }

    private double[] scores(List<HeadAttention> heads, int keyHeads, Progress progress) {
        double[] each = new double[heads.size()];
        SweepOptions sweep = run.sweep();
        EachHead.run(
                heads.size(),
                sweep.threads(),
                progress,
                head -> each[head] = score(heads.get(head), sweep, progress));
        double[] scores = new double[keyHeads];
        for (int head = 0; head < each.length; head++) {
            int group = each.length / keyHeads;
            scores[head / group] += each[head] / group;
        }
        return scores;
    }

    private double score(HeadAttention head, SweepOptions sweep, Progress progress) {
        int queries = Math.min(head.rows(), run.prompt());
        FarMass far = new FarMass(Math.max(0, queries - last), queries, sink, window);
        return far.of(head, sweep, progress);
    }
}
