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
 * Sparse verification in speculative decoding, its attention: of some draft tokens that are checked
 * together the first chooses the blocks, the others use them too, and so do the layers that follow.
 */
public final class SharedBlocksPolicy implements Policy {
    private static final PolicyInfo INFO =
            PolicyInfo.full(
                            "shared-blocks",
                            "Sparse verification",
                            "sparse verification for speculative decoding, 2025; blocks as in"
                                    + " Quest, arXiv 2406.10774",
                            Phase.DECODE,
                            Unit.PAGE,
                            "Lets the first of some draft tokens choose blocks for all of them and"
                                    + " for neighbouring layers; needs no training, and only the"
                                    + " attention of the method is here. Which layers share is our"
                                    + " reading.",
                            Parameter.whole(
                                    "drafts",
                                    "Draft tokens that are checked together (m)",
                                    4,
                                    1,
                                    256),
                            Parameter.whole(
                                    "layers", "Neighbouring layers that share a choice", 2, 1, 256),
                            Parameter.whole("page", "Keys of a block", 16, 1, 4096),
                            Parameter.whole(
                                    "budget",
                                    "Keys that the first draft token reads; at least three blocks",
                                    1024,
                                    1,
                                    1 << 20),
                            Parameter.whole(
                                    "dense",
                                    "First layers that read everything; at the most a quarter of"
                                            + " the layers",
                                    2,
                                    0,
                                    1000))
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
        return new Sharing(settings, run);
    }

    private static final class Sharing implements Planner {
        private final Settings settings;
        private final int dense;
        private int[][][] chosen = {};

        Sharing(Settings settings, PolicyRun run) {
            this.settings = settings;
            this.dense = Scaled.denseLayers(settings.whole("dense"), run.layers());
        }

        @Override
        public Plan plan(PolicySite site, Progress progress) {
            Steps steps = Steps.of(site, INFO);
            if (site.layer() < dense) {
                return steps.everything();
            }
            int drafts = settings.whole("drafts");
            int page = settings.whole("page");
            int groups = Math.ceilDiv(steps.count(), drafts);
            boolean fits = chosen.length > 0 && chosen[0].length == groups;
            if ((site.layer() - dense) % settings.whole("layers") == 0 || !fits) {
                choose(steps, groups, progress);
            }
            KeyLists lists = new KeyLists(steps);
            for (int head = 0; head < steps.heads(); head++) {
                int from = head * chosen.length / steps.heads();
                for (int step = 0; step < steps.count(); step++) {
                    int open = (steps.end(head, step - step % drafts) - 1) / page * page;
                    lists.pages(chosen[from][step / drafts], page)
                            .add(open, steps.end(head, step))
                            .next();
                }
            }
            return lists.plan();
        }

        private void choose(Steps steps, int groups, Progress progress) {
            int page = settings.whole("page");
            int most = Math.max(3, settings.whole("budget") / page) - 1;
            PageBounds bounds = new PageBounds(steps.input().k(), page);
            chosen = new int[steps.heads()][groups][];
            for (int head = 0; head < chosen.length; head++) {
                progress.check();
                for (int group = 0; group < groups; group++) {
                    int step = group * settings.whole("drafts");
                    chosen[head][group] = PageChoice.best(steps, bounds, head, 1, most, step);
                }
            }
        }
    }
}
