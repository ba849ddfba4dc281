package org.headlight.analysis.sparse.decode;

import org.headlight.analysis.sparse.Parameter;
import org.headlight.analysis.sparse.Phase;
import org.headlight.analysis.sparse.Planner;
import org.headlight.analysis.sparse.Policy;
import org.headlight.analysis.sparse.PolicyInfo;
import org.headlight.analysis.sparse.PolicyRun;
import org.headlight.analysis.sparse.Settings;
import org.headlight.analysis.sparse.Unit;

/**
 * The first keys and the last ones, at their own positions: what every other policy has to beat.
 */
public final class RecentPolicy implements Policy {
    private static final PolicyInfo INFO =
            PolicyInfo.full(
                    "recent",
                    "Sink and window",
                    "baseline; sizes of Xiao et al. 2023, arXiv 2309.17453",
                    Phase.DECODE,
                    Unit.BAND,
                    "Keeps the first keys and the last ones at their own positions; exact for what"
                            + " it keeps on any model, blind to everything in between.",
                    Parameter.whole("sink", "First keys that every step keeps", 4, 0, 4096),
                    Parameter.whole(
                            "window",
                            "Last keys that every step keeps, its own counted (w)",
                            512,
                            1,
                            1 << 20));

    @Override
    public PolicyInfo info() {
        return INFO;
    }

    @Override
    public String knob() {
        return "window";
    }

    @Override
    public Settings preset(int tokens) {
        return Settings.standard(INFO).with("window", Scaled.eighth(tokens, 512));
    }

    @Override
    public Planner start(Settings settings, PolicyRun run) {
        int sink = settings.whole("sink");
        int window = settings.whole("window");
        return (site, progress) -> {
            Steps steps = Steps.of(site, INFO);
            KeyLists lists = new KeyLists(steps);
            for (int head = 0; head < steps.heads(); head++) {
                for (int step = 0; step < steps.count(); step++) {
                    int end = steps.end(head, step);
                    lists.add(0, sink).add(Math.max(0, end - window), end).next();
                }
            }
            return lists.plan();
        };
    }
}
