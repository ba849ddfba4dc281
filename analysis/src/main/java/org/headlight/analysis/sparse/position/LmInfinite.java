package org.headlight.analysis.sparse.position;

import org.headlight.analysis.sparse.Parameter;
import org.headlight.analysis.sparse.Phase;
import org.headlight.analysis.sparse.Planner;
import org.headlight.analysis.sparse.Policy;
import org.headlight.analysis.sparse.PolicyInfo;
import org.headlight.analysis.sparse.PolicyRun;
import org.headlight.analysis.sparse.Rotary;
import org.headlight.analysis.sparse.Settings;
import org.headlight.analysis.sparse.Unit;

/**
 * LM-Infinite (Han et al. 2023): a Lambda of the first {@code first} tokens and a window of the
 * last W, and no distance above W: what lies further back is seen at distance W exactly.
 */
public final class LmInfinite implements Policy {
    private static final PolicyInfo INFO =
            PolicyInfo.full(
                            "lm-infinite",
                            "LM-Infinite",
                            "Han et al. 2023, arXiv 2308.16137",
                            Phase.BOTH,
                            Unit.BAND,
                            "Keeps the first tokens, at the window's distance, and a window of the"
                                    + " last; the method itself, without its optional tokens of the"
                                    + " middle.",
                            Parameter.whole(
                                    "first",
                                    "Tokens kept from the beginning of the text (n_starting)",
                                    10,
                                    1,
                                    4096),
                            Parameter.whole(
                                    "window",
                                    "Last tokens kept, the query's own counted, and the largest"
                                            + " distance (n_local, the length of training)",
                                    4096,
                                    1,
                                    1 << 20))
                    .withOtherPositions();

    @Override
    public PolicyInfo info() {
        return INFO;
    }

    /** The window is at most a quarter of the text; ours for texts below 16384 tokens. */
    @Override
    public Settings preset(int tokens) {
        return Settings.standard(INFO).with("window", Math.clamp(tokens / 4, 16, 4096));
    }

    @Override
    public Planner start(Settings settings, PolicyRun run) {
        int first = settings.whole("first");
        int window = settings.whole("window");
        Rotary rotary = Positions.of(INFO, run);
        return (site, progress) -> {
            progress.check();
            return NearAndFar.band(
                    INFO, site, first, window, rotary, position -> window, position -> 0);
        };
    }
}
