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
import org.headlight.analysis.sparse.Trait;
import org.headlight.analysis.sparse.Unit;
import org.headlight.engine.task.Progress;

/**
 * Quest (Tang et al. 2024): pages of keys are ranked by a bound of their scores, from the smallest
 * and largest of each number in the page; the page that is being filled is always read and is not
 * ranked.
 */
public final class QuestPolicy implements Policy {
    private static final PolicyInfo INFO =
            PolicyInfo.full(
                            "quest",
                            "Quest",
                            "Tang et al. 2024, arXiv 2406.10774",
                            Phase.DECODE,
                            Unit.PAGE,
                            "Reads the pages whose best possible score is largest, anew at each"
                                    + " step; nothing is dropped, and no training is needed.",
                            Parameter.whole("page", "Keys of a page", 16, 1, 4096),
                            Parameter.whole(
                                    "budget",
                                    "Keys that a step reads; at least three pages",
                                    1024,
                                    1,
                                    1 << 20),
                            Parameter.whole(
                                    "dense",
                                    "First layers that read everything; at the most a quarter of"
                                            + " the layers",
                                    2,
                                    0,
                                    1000),
                            Parameter.choice(
                                    "share",
                                    "Whether each query head chooses for itself, or heads that"
                                        + " share keys choose by the sum of their bounds (Sparse"
                                        + " Frontier)",
                                    "head",
                                    "group"))
                    .blindTo(Trait.BIAS);

    @Override
    public PolicyInfo info() {
        return INFO;
    }

    @Override
    public String knob() {
        return "budget";
    }

    @Override
    public Settings preset(int tokens) {
        return Settings.standard(INFO)
                .with("page", tokens < 1024 ? 8 : 16)
                .with("budget", Scaled.eighth(tokens, 1024));
    }

    @Override
    public Planner start(Settings settings, PolicyRun run) {
        return new Chooser(settings, run);
    }

    private record Chooser(Settings settings, PolicyRun run) implements Planner {

        @Override
        public Plan plan(PolicySite site, Progress progress) {
            Steps steps = Steps.of(site, INFO);
            if (site.layer() < Scaled.denseLayers(settings.whole("dense"), run.layers())) {
                return steps.everything();
            }
            int page = settings.whole("page");
            int most = Math.max(3, settings.whole("budget") / page) - 1;
            int together = settings.choice("share").equals("group") ? steps.group() : 1;
            PageBounds bounds = new PageBounds(steps.input().k(), page);
            KeyLists lists = new KeyLists(steps);
            int[][] chosen = {};
            for (int head = 0; head < steps.heads(); head++) {
                progress.check();
                if (head % together == 0) {
                    chosen = PageChoice.best(steps, bounds, head, together, most);
                }
                for (int step = 0; step < steps.count(); step++) {
                    lists.pages(chosen[step], page);
                    int end = steps.end(head, step);
                    lists.add((end - 1) / page * page, end).next();
                }
            }
            return lists.plan();
        }
    }
}
