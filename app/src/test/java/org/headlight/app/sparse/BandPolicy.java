package org.headlight.app.sparse;

import org.headlight.analysis.sparse.Parameter;
import org.headlight.analysis.sparse.Phase;
import org.headlight.analysis.sparse.Plan;
import org.headlight.analysis.sparse.Planner;
import org.headlight.analysis.sparse.Policy;
import org.headlight.analysis.sparse.PolicyInfo;
import org.headlight.analysis.sparse.PolicyRun;
import org.headlight.analysis.sparse.Settings;
import org.headlight.analysis.sparse.Unit;
import org.headlight.engine.attend.Selection;
import org.headlight.engine.problem.BadInputException;

/** The first keys and a window, in one phase or in both. */
final class BandPolicy implements Policy {
    static final String REFUSAL = "This policy needs a model of another kind.";

    private final String name;
    private final Phase phase;
    private boolean refuses;

    BandPolicy(String name, Phase phase) {
        this.name = name;
        this.phase = phase;
    }

    BandPolicy refusing() {
        refuses = true;
        return this;
    }

    @Override
    public PolicyInfo info() {
        return PolicyInfo.full(
                name,
                "Band " + name,
                "A test",
                phase,
                Unit.BAND,
                "Keeps the first keys and a window.",
                Parameter.whole("window", "w, the last keys", 1000, 1, 4096),
                Parameter.whole("sink", "s, the first keys", 4, 0, 64));
    }

    @Override
    public Settings preset(int tokens) {
        return Settings.standard(info()).with("window", Math.min(1000, tokens / 8.0));
    }

    @Override
    public Planner start(Settings settings, PolicyRun run) {
        if (refuses) {
            throw new BadInputException(REFUSAL);
        }
        Selection band = Selection.band(settings.whole("sink"), settings.whole("window"));
        return (site, progress) -> new Plan.Selected(band);
    }
}
