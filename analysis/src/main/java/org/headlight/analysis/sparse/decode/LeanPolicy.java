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
import org.headlight.engine.attend.Selection;

import java.util.Collections;

/**
 * LeanAttention (Sanovar et al. 2024): exact attention whose work is cut evenly over workers. The
 * plan is dense; the order of work is {@link SplitK}.
 */
public final class LeanPolicy implements Policy {
    private static final PolicyInfo INFO =
            PolicyInfo.full(
                    "lean",
                    "LeanAttention",
                    "Sanovar et al. 2024, arXiv 2405.10480",
                    Phase.DECODE,
                    Unit.NONE,
                    "Leaves nothing out: the timeline shows how equal shares of tiles over all"
                            + " heads keep every worker busy to the end.",
                    Parameter.whole("workers", "Workers that share the tiles (g)", 8, 1, 4096),
                    Parameter.whole("tile", "Keys of a tile", 256, 1, 1 << 16));

    @Override
    public PolicyInfo info() {
        return INFO;
    }

    @Override
    public String knob() {
        return "";
    }

    @Override
    public Settings preset(int tokens) {
        return Settings.standard(INFO).with("tile", Math.clamp(tokens / 8, 16, 256));
    }

    @Override
    public Planner start(Settings settings, PolicyRun run) {
        return (site, progress) -> new Plan.Selected(Selection.dense());
    }

    /** Who does what when in one step: query heads over all keys before and at the step. */
    public static SplitK timeline(PolicySite site, int step, Settings settings) {
        int keys = site.from() + step + 1;
        return SplitK.lean(
                Collections.nCopies(site.heads(), keys),
                settings.whole("tile"),
                settings.whole("workers"));
    }
}
