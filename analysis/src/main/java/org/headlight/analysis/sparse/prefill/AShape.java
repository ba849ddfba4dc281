package org.headlight.analysis.sparse.prefill;

import org.headlight.analysis.sparse.Parameter;
import org.headlight.analysis.sparse.Phase;
import org.headlight.analysis.sparse.Plan;
import org.headlight.analysis.sparse.Planner;
import org.headlight.analysis.sparse.Policy;
import org.headlight.analysis.sparse.PolicyInfo;
import org.headlight.analysis.sparse.PolicyRun;
import org.headlight.analysis.sparse.Settings;
import org.headlight.analysis.sparse.Unit;
import org.headlight.analysis.sparse.select.Causal;
import org.headlight.engine.attend.Selection;

/**
 * A-shape of MInference (Jiang et al. 2024): the first keys and a window of the last, for every
 * head. The positions of the text are kept, other than with streaming caches. The paper keeps 1024
 * and 4096; the search of its code tries 100 and 800.
 */
public final class AShape implements Policy {
    private static final PolicyInfo INFO =
            PolicyInfo.full(
                    "a-shape",
                    "A-shape",
                    "Jiang et al. 2024, arXiv 2407.02490",
                    Phase.PREFILL,
                    Unit.BAND,
                    "Keeps the first keys and a window of the last keys; it is the method itself,"
                            + " and it looks at no query, so whatever lies between is lost.",
                    Parameter.whole(
                            "sink",
                            "How many keys at the beginning every query keeps",
                            1024,
                            0,
                            1 << 20),
                    Parameter.whole(
                            "window",
                            "How many of the last keys every query keeps, its own counted",
                            4096,
                            1,
                            1 << 24));

    @Override
    public PolicyInfo info() {
        return INFO;
    }

    /** A 32nd and an 8th of the text, up to the paper's. */
    @Override
    public Settings preset(int tokens) {
        return Settings.standard(INFO)
                .with("sink", Math.clamp(tokens / 32, 4, 1024))
                .with("window", Math.clamp(tokens / 8, 16, 4096));
    }

    @Override
    public Planner start(Settings settings, PolicyRun run) {
        Plan plan =
                new Plan.Selected(Selection.band(settings.whole("sink"), settings.whole("window")));
        return (site, progress) -> {
            Causal.check(INFO, site);
            return plan;
        };
    }
}
