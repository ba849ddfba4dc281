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
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;

import java.util.List;

/**
 * SnapKV (Li et al. 2024): once the prompt is read, its last queries vote for the keys that are
 * kept; everything that is written later is kept too.
 */
public final class SnapKvPolicy implements Policy {
    private static final PolicyInfo INFO =
            PolicyInfo.full(
                    "snapkv",
                    "SnapKV",
                    "Li et al. 2024, arXiv 2404.14469",
                    Phase.DECODE,
                    Unit.TOKEN,
                    "Keeps the prompt's keys that its last queries attended to most, per head, and"
                            + " drops the others once; needs no training, but what only a later"
                            + " question asks for may be gone.",
                    Parameter.whole(
                            "capacity", "Keys of the prompt that are kept", 2048, 1, 1 << 20),
                    Parameter.whole(
                            "window", "Last queries that vote, and are kept (w)", 32, 1, 4096),
                    Parameter.whole(
                            "kernel",
                            "Width of the mean over neighbouring votes, odd: the next odd number"
                                    + " is taken",
                            5,
                            1,
                            255));

    @Override
    public PolicyInfo info() {
        return INFO;
    }

    @Override
    public Settings preset(int tokens) {
        int capacity = Scaled.eighth(tokens, 2048);
        return Settings.standard(INFO)
                .with("capacity", capacity)
                .with("window", Math.min(32, capacity / 4));
    }

    @Override
    public Planner start(Settings settings, PolicyRun run) {
        return (site, progress) -> plan(site, settings, run.sweep(), progress);
    }

    private static Plan plan(
            PolicySite site, Settings settings, SweepOptions options, Progress progress) {
        Steps steps = Steps.of(site, INFO);
        int capacity = settings.whole("capacity");
        int window = Math.min(settings.whole("window"), capacity);
        int prompt = steps.from();
        KeyLists lists = new KeyLists(steps);
        if (prompt <= capacity) {
            return steps.everything();
        }
        int early = prompt - window;
        List<double[]> votes = PromptVotes.sums(steps, window, options, progress);
        for (int head = 0; head < steps.heads(); head++) {
            double[] pooled =
                    PromptVotes.pooled(votes.get(head), early, settings.whole("kernel") | 1);
            int[] best = Best.of(pooled, early, capacity - window);
            for (int step = 0; step < steps.count(); step++) {
                lists.add(best, best.length).add(early, steps.end(head, step)).next();
            }
        }
        return lists.plan();
    }
}
