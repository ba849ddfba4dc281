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
import org.headlight.analysis.sparse.select.Rows;
import org.headlight.analysis.sparse.select.SiteMaps;
import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.task.Progress;

/**
 * H2O (Zhang et al. 2023): a cache of the last tokens and of those that received most attention so
 * far. What leaves the cache never comes back.
 *
 * <p>With {@code sums=kept} a step's softmax is over the keys that are still there, as in a cache
 * that really drops them; {@code full} is the evaluation of the published code, whose sums go on to
 * come from the softmax over all keys.
 */
public final class H2oPolicy implements Policy {
    private static final PolicyInfo INFO =
            PolicyInfo.full(
                    "h2o",
                    "H2O heavy hitters",
                    "Zhang et al. 2023, arXiv 2306.14048",
                    Phase.DECODE,
                    Unit.TOKEN,
                    "Keeps the last tokens and those with the largest attention summed so far, per"
                            + " head, and drops the rest for good; needs no training, but its sums"
                            + " over the prompt cost a dense map.",
                    Parameter.real(
                            "heavy",
                            "Heavy hitters that are kept, as a share of the prompt's tokens",
                            0.1,
                            0,
                            10),
                    Parameter.real(
                            "recent",
                            "Last tokens that are kept, as a share of the prompt's tokens",
                            0.1,
                            0,
                            10),
                    Parameter.choice(
                            "sums",
                            "Which softmax a step adds to the sums: over the kept keys, or over all"
                                    + " (the published evaluation)",
                            "kept",
                            "full"));

    @Override
    public PolicyInfo info() {
        return INFO;
    }

    @Override
    public Planner start(Settings settings, PolicyRun run) {
        return new Cache(settings, run);
    }

    private record Cache(Settings settings, PolicyRun run) implements Planner {

        @Override
        public Plan plan(PolicySite site, Progress progress) {
            Steps steps = Steps.of(site, INFO);
            KeyLists lists = new KeyLists(steps);
            AttentionInput prompt = steps.promptFrom(0);
            for (int head = 0; head < steps.heads(); head++) {
                progress.check();
                double[] sums = new double[site.keys()];
                if (steps.from() > 0) {
                    double[] of =
                            ColumnSums.of(
                                    SiteMaps.map(prompt, head),
                                    steps.from(),
                                    run.sweep(),
                                    steps.part(progress, head));
                    System.arraycopy(of, 0, sums, 0, of.length);
                }
                new HeadCache(steps, head, sums).run(lists);
            }
            return lists.plan();
        }

        private final class HeadCache {
            private final Steps steps;
            private final int head;
            private final double[] sums;
            private final double[] scores;
            private final int heavy;
            private final int recent;
            private int[] kept;
            private int count;

            HeadCache(Steps steps, int head, double[] sums) {
                this.steps = steps;
                this.head = head;
                this.sums = sums;
                this.scores = new double[sums.length];
                this.heavy = (int) Math.rint(settings.real("heavy") * steps.from());
                this.recent = Math.max(1, (int) Math.rint(settings.real("recent") * steps.from()));
                this.kept = new int[sums.length];
            }

            void run(KeyLists lists) {
                boolean full = settings.choice("sums").equals("full");
                fill();
                for (int step = 0; step < steps.count(); step++) {
                    kept[count++] = steps.position(step);
                    lists.add(kept, count).next();
                    if (full) {
                        addAll(step);
                    } else {
                        addKept(step);
                    }
                    if (count > heavy + recent) {
                        drop();
                    }
                }
            }

            /** The prompt's heavy hitters and its last tokens. */
            private void fill() {
                int early = Math.max(0, steps.from() - recent);
                int[] best = Best.of(sums, early, heavy);
                System.arraycopy(best, 0, kept, 0, best.length);
                count = best.length;
                for (int key = early; key < steps.from(); key++) {
                    kept[count++] = key;
                }
            }

            private void addAll(int step) {
                Rows.probabilities(steps.input(), head, step, scores);
                for (int i = 0; i < count; i++) {
                    sums[kept[i]] += scores[kept[i]];
                }
            }

            private void addKept(int step) {
                int first = steps.first(head, step);
                for (int i = 0; i < count; i++) {
                    scores[i] =
                            kept[i] < first
                                    ? Double.NEGATIVE_INFINITY
                                    : steps.score(head, step, kept[i]);
                }
                Rows.soften(scores, count, steps.input().sink(head));
                for (int i = 0; i < count; i++) {
                    sums[kept[i]] += scores[i];
                }
            }

            /** Drops the key with the smallest sum before the last ones; of equal ones the last. */
            private void drop() {
                int least = 0;
                for (int i = 1; i < count - recent; i++) {
                    least = sums[kept[i]] <= sums[kept[least]] ? i : least;
                }
                System.arraycopy(kept, least + 1, kept, least, count - least - 1);
                count--;
            }
        }
    }
}
