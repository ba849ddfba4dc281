package org.headlight.analysis.sparse.decode;

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
import org.headlight.analysis.sparse.select.ColumnSums;
import org.headlight.engine.attention.SiteKind;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.task.Progress;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * PrefixKV (Wang et al. 2024): each layer keeps as much of the prompt as its own attention is
 * spread, found by one share that all layers have to reach. While writing, each new key pushes out
 * one that stands a fixed way before the end.
 *
 * <p>How much each layer keeps depends on all layers, so it is found on a dense run over the
 * prompt.
 */
public final class PrefixKvPolicy implements Policy {
    private static final PolicyInfo INFO =
            PolicyInfo.full(
                    "prefixkv",
                    "PrefixKV",
                    "Wang et al. 2024, arXiv 2412.03409",
                    Phase.DECODE,
                    Unit.TOKEN,
                    "Keeps of each layer the prompt's keys with most attention, more where it is"
                            + " spread more; needs no training, but was measured on images: its"
                            + " use on text is our transfer.",
                    Parameter.real(
                            "budget", "Share of all layers' keys that is kept", 0.2, 0.01, 1),
                    Parameter.whole("start", "First keys that are kept anyway", 4, 0, 4096),
                    Parameter.whole(
                            "distance",
                            "While writing, each step drops the key so far before the end of what"
                                    + " is kept; 0 drops none",
                            25,
                            0,
                            4096));

    @Override
    public PolicyInfo info() {
        return INFO;
    }

    @Override
    public boolean needsDenseRun() {
        return true;
    }

    @Override
    public Planner start(Settings settings, PolicyRun run) {
        Capture dense =
                run.dense()
                        .orElseThrow(
                                () -> new IllegalArgumentException("prefixkv needs a dense run"));
        return new Prefixes(settings, run, dense);
    }

    private static final class Prefixes implements Planner {
        private final Settings settings;
        private final PolicyRun run;
        private final Capture dense;
        private final Map<Integer, int[]> kept = new HashMap<>();

        Prefixes(Settings settings, PolicyRun run, Capture dense) {
            this.settings = settings;
            this.run = run;
            this.dense = dense;
        }

        @Override
        public Plan plan(PolicySite site, Progress progress) {
            Steps steps = Steps.of(site, INFO);
            if (kept.isEmpty()) {
                measure(steps.from(), progress);
            }
            int[] prompt = kept.get(site.layer());
            if (prompt == null) {
                return steps.everything();
            }
            int[][] caches = caches(steps, prompt);
            KeyLists lists = new KeyLists(steps);
            for (int head = 0; head < steps.heads(); head++) {
                for (int[] cache : caches) {
                    lists.add(cache, cache.length).next();
                }
            }
            return lists.plan();
        }

        /** Chooses the keys of the prompt that each layer keeps. */
        private void measure(int prompt, Progress progress) {
            List<SiteCapture> sites =
                    dense.sites().stream().filter(s -> s.kind() == SiteKind.SELF).toList();
            List<double[]> sums = new ArrayList<>();
            for (SiteCapture site : sites) {
                double[] layer = new double[prompt];
                for (HeadAttention head : site.heads()) {
                    double from = (double) sums.size() / sites.size();
                    Progress part = progress.part(from, from + 1.0 / sites.size());
                    double[] own = ColumnSums.of(head, prompt, run.sweep(), part);
                    for (int key = 0; key < prompt; key++) {
                        layer[key] += own[key] / site.heads().size();
                    }
                }
                sums.add(layer);
            }
            int start = Math.min(prompt, settings.whole("start"));
            int guarded = Math.min(prompt, start + 1);
            int[] forgets = PrefixBudget.forgets(sums, guarded, 1 - settings.real("budget"));
            for (int i = 0; i < sites.size(); i++) {
                int[] keys = best(sums.get(i), start, prompt - forgets[i]);
                kept.put(sites.get(i).layer(), keys);
            }
        }

        /** The first keys, the last, and the best of the others. */
        private static int[] best(double[] sums, int start, int count) {
            double[] forced = sums.clone();
            for (int key = 0; key < start; key++) {
                forced[key] = Double.POSITIVE_INFINITY;
            }
            if (forced.length > 0) {
                forced[forced.length - 1] = Double.POSITIVE_INFINITY;
            }
            return Best.of(forced, forced.length, count);
        }

        /** What is there at each step, its own key counted. */
        private int[][] caches(Steps steps, int[] prompt) {
            int distance = settings.whole("distance");
            int[] cache = new int[prompt.length + steps.count()];
            System.arraycopy(prompt, 0, cache, 0, prompt.length);
            int count = prompt.length;
            int[][] caches = new int[steps.count()][];
            for (int step = 0; step < steps.count(); step++) {
                cache[count++] = steps.position(step);
                caches[step] = Arrays.copyOf(cache, count);
                int drop = count - distance;
                if (distance > 0 && drop >= settings.whole("start")) {
                    System.arraycopy(cache, drop + 1, cache, drop, count - drop - 1);
                    count--;
                }
            }
            return caches;
        }
    }
}
