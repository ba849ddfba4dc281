package org.headlight.analysis.sparse.position;

import org.headlight.analysis.sparse.Parameter;
import org.headlight.analysis.sparse.Phase;
import org.headlight.analysis.sparse.Plan;
import org.headlight.analysis.sparse.Planner;
import org.headlight.analysis.sparse.Policy;
import org.headlight.analysis.sparse.PolicyInfo;
import org.headlight.analysis.sparse.PolicyRun;
import org.headlight.analysis.sparse.Rotary;
import org.headlight.analysis.sparse.Settings;
import org.headlight.analysis.sparse.Unit;
import org.headlight.analysis.sparse.select.Causal;
import org.headlight.engine.attend.Selection;

/**
 * StreamingLLM (Xiao et al. 2023): a cache of the first {@code sink} and the last {@code window}
 * tokens, whose keys sit at their index in the cache. Within the window that changes no distance;
 * the sink comes as near as if nothing had been dropped in between.
 */
public final class StreamingLlm implements Policy {
    private static final PolicyInfo INFO =
            PolicyInfo.full(
                            "streaming",
                            "StreamingLLM",
                            "Xiao et al. 2023, arXiv 2309.17453",
                            Phase.BOTH,
                            Unit.BAND,
                            "Keeps the first tokens and a window of the last, at their places in"
                                    + " such a cache; the method itself, which never claims to"
                                    + " remember what left the window.",
                            Parameter.whole(
                                    "sink",
                                    "Tokens kept from the beginning of the text",
                                    4,
                                    0,
                                    4096),
                            Parameter.whole(
                                    "window",
                                    "Last tokens kept, the query's own counted (recent size)",
                                    512,
                                    1,
                                    1 << 20),
                            Parameter.choice(
                                    "positions",
                                    "cache: keys sit at their index in the cache, as in the paper;"
                                            + " text: every key stays where the text has it",
                                    "cache",
                                    "text"))
                    .withOtherPositions();

    @Override
    public PolicyInfo info() {
        return INFO;
    }

    /** The window is at most an eighth of the text; ours for texts below 4096 tokens. */
    @Override
    public Settings preset(int tokens) {
        return Settings.standard(INFO).with("window", Math.clamp(tokens / 8, 16, 512));
    }

    @Override
    public Planner start(Settings settings, PolicyRun run) {
        int sink = settings.whole("sink");
        int window = settings.whole("window");
        if (settings.choice("positions").equals("text")) {
            return (site, progress) -> {
                Causal.check(INFO, site);
                return new Plan.Selected(Selection.band(sink, window));
            };
        }
        Rotary rotary = Positions.of(INFO, run);
        return (site, progress) -> {
            progress.check();
            return NearAndFar.band(
                    INFO,
                    site,
                    sink,
                    window,
                    rotary,
                    position -> Math.min(position, sink + window - 1),
                    position -> position);
        };
    }
}
