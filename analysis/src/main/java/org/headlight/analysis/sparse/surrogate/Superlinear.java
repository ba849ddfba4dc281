package org.headlight.analysis.sparse.surrogate;

import org.headlight.analysis.sparse.Parameter;
import org.headlight.analysis.sparse.Phase;
import org.headlight.analysis.sparse.Plan;
import org.headlight.analysis.sparse.Planner;
import org.headlight.analysis.sparse.Policy;
import org.headlight.analysis.sparse.PolicyInfo;
import org.headlight.analysis.sparse.PolicyRun;
import org.headlight.analysis.sparse.Settings;
import org.headlight.analysis.sparse.Trait;
import org.headlight.analysis.sparse.Unit;
import org.headlight.analysis.sparse.select.Causal;

import java.util.Optional;

/**
 * The search of superlinear attention without its weights: a query looks at keys at square
 * distances only, and the best of them open spans of neighbouring keys. Each span is attended to by
 * a softmax of its own, the window with it, and spans are mixed by a softmax of the scores that
 * opened them. The method has a query of its own for the search; here it is the model's.
 */
public final class Superlinear implements Policy {
    private static final PolicyInfo INFO =
            PolicyInfo.full(
                            "superlinear",
                            "Superlinear search",
                            "after Concavity AI's superlinear attention, 2026",
                            Phase.BOTH,
                            Unit.PAGE,
                            "Keeps a window and the spans before the best of the keys at square"
                                + " distances, mixed by their scores; the search alone, with raw"
                                + " queries and keys, where the method trains a routing for it.",
                            Parameter.whole(
                                    "root",
                                    "The newest (root + 1)^2 - 1 keys are always kept (sw)",
                                    15,
                                    1,
                                    1000),
                            Parameter.whole("spans", "Spans that are mixed", 2, 1, 8),
                            Parameter.real(
                                    "reach",
                                    "A span's keys over the root of the length (beta)",
                                    2,
                                    0,
                                    1000),
                            Parameter.real(
                                    "forward",
                                    "The same, after the key that opened it",
                                    0,
                                    0,
                                    1000))
                    .asSurrogate()
                    .notOneSoftmax()
                    .blindTo(Trait.BIAS, Trait.WINDOW);

    @Override
    public PolicyInfo info() {
        return INFO;
    }

    /** A window of a sixteenth of the text below 4096 tokens; ours. */
    @Override
    public Settings preset(int tokens) {
        int root = (int) Math.rint(Math.sqrt(tokens / 16.0)) - 1;
        return Settings.standard(INFO).with("root", Math.clamp(root, 1, 15));
    }

    @Override
    public Planner start(Settings settings, PolicyRun run) {
        return (site, progress) -> {
            Causal.check(INFO, site);
            SquareSearch search =
                    new SquareSearch(
                            site,
                            settings.whole("root"),
                            settings.whole("spans"),
                            settings.real("reach"),
                            settings.real("forward"));
            search.choose(run.sweep(), progress);
            return new Plan.Computed(search, Optional.of(search.kept()));
        };
    }
}
