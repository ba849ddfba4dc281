package org.headlight.analysis.sparse.surrogate;

import org.headlight.analysis.sparse.Parameter;
import org.headlight.analysis.sparse.Phase;
import org.headlight.analysis.sparse.Plan;
import org.headlight.analysis.sparse.Planner;
import org.headlight.analysis.sparse.Policy;
import org.headlight.analysis.sparse.PolicyInfo;
import org.headlight.analysis.sparse.PolicyRun;
import org.headlight.analysis.sparse.PolicySite;
import org.headlight.analysis.sparse.Settings;
import org.headlight.analysis.sparse.Unit;
import org.headlight.analysis.sparse.select.Best;
import org.headlight.analysis.sparse.select.Causal;
import org.headlight.engine.attend.Spans;
import org.headlight.engine.task.Progress;

/**
 * Dynamic Mask Attention (Shi et al. 2025) without its weights: keys are kept by a score that comes
 * from their values and that no query enters into. In place of the trained score, a softplus of a
 * projection, stands the length of the value; nothing is added to the scores of attention.
 */
public final class Dma implements Policy {
    private static final PolicyInfo INFO =
            PolicyInfo.full(
                            "dma",
                            "DMA by value length",
                            "after Shi et al. 2025, arXiv 2508.02124",
                            Phase.BOTH,
                            Unit.TOKEN,
                            "Keeps the keys with the longest values, the same for neighbouring"
                                    + " queries; not DMA, whose score of keys (dt_proj, A) is"
                                    + " trained.",
                            Parameter.whole(
                                    "window",
                                    "Keys kept before a group of queries (keep window size, w)",
                                    2048,
                                    1,
                                    1 << 20),
                            Parameter.whole(
                                    "group",
                                    "Queries of the prefill that share their keys, and see all of"
                                            + " each other's before them; multiples of 64 are fast",
                                    64,
                                    1,
                                    4096),
                            Parameter.whole(
                                    "smooth",
                                    "Keys of a block that is kept when more than half of it is"
                                            + " chosen, and dropped else; 1 for single keys",
                                    1,
                                    1,
                                    1024))
                    .asSurrogate();

    @Override
    public PolicyInfo info() {
        return INFO;
    }

    /** A quarter of the text below 8192 tokens; ours. */
    @Override
    public Settings preset(int tokens) {
        return Settings.standard(INFO).with("window", Math.clamp(tokens / 4, 8, 2048));
    }

    @Override
    public Planner start(Settings settings, PolicyRun run) {
        return (site, progress) -> {
            Causal.check(INFO, site);
            return plan(settings, site, progress);
        };
    }

    private static Plan plan(Settings settings, PolicySite site, Progress progress) {
        int rows = site.phase() == Phase.DECODE ? 1 : settings.whole("group");
        int window = settings.whole("window");
        int smooth = settings.whole("smooth");
        Spans.Builder spans = new Spans.Builder(site.heads(), site.queries(), rows);
        int perKeyHead = site.heads() / site.keyHeads();
        int[] ranked = new int[0];
        for (int head = 0; head < site.heads(); head++) {
            progress.check();
            if (head % perKeyHead == 0) {
                int keyHead = head / perKeyHead;
                double[] norms = ValueNorms.of(site.whole().v(), keyHead, site.to());
                ranked = Best.ranked(norms, norms.length);
            }
            for (int from = site.from(); from < site.to(); from += rows) {
                boolean[] kept = best(ranked, from, window);
                smoothed(kept, smooth);
                for (int key = 0; key < from; key++) {
                    if (kept[key]) {
                        spans.add(key, key + 1);
                    }
                }
                spans.add(from, Math.min(from + rows, site.to())).next();
            }
        }
        return new Plan.Selected(spans.build());
    }

    /** The best ranked of the first keys. */
    private static boolean[] best(int[] ranked, int end, int most) {
        boolean[] kept = new boolean[end];
        int count = 0;
        for (int i = 0; i < ranked.length && count < most; i++) {
            if (ranked[i] < end) {
                kept[ranked[i]] = true;
                count++;
            }
        }
        return kept;
    }

    private static void smoothed(boolean[] kept, int block) {
        for (int from = 0; block > 1 && from < kept.length; from += block) {
            int end = Math.min(kept.length, from + block);
            int count = 0;
            for (int key = from; key < end; key++) {
                count += kept[key] ? 1 : 0;
            }
            for (int key = from; key < end; key++) {
                kept[key] = 2 * count > end - from;
            }
        }
    }
}
