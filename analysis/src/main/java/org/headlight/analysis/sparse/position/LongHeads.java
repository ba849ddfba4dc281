package org.headlight.analysis.sparse.position;

import org.headlight.analysis.sparse.Parameter;
import org.headlight.analysis.sparse.Phase;
import org.headlight.analysis.sparse.Planner;
import org.headlight.analysis.sparse.Policy;
import org.headlight.analysis.sparse.PolicyInfo;
import org.headlight.analysis.sparse.PolicyRun;
import org.headlight.analysis.sparse.Rotary;
import org.headlight.analysis.sparse.Settings;
import org.headlight.analysis.sparse.Trait;
import org.headlight.analysis.sparse.Unit;

/**
 * LongHeads (Lu et al. 2024): each query of each head keeps the first chunk, its own, the one
 * before, and the chunks whose keys fit it best; what it keeps is laid out without gaps, so that no
 * distance exceeds the length that the model was made for.
 */
public final class LongHeads implements Policy {
    private static final PolicyInfo INFO =
            PolicyInfo.full(
                            "longheads",
                            "LongHeads",
                            "Lu et al. 2024, arXiv 2402.10685",
                            Phase.BOTH,
                            Unit.PAGE,
                            "Keeps for each query of each head the first chunk, the last two and"
                                    + " those that fit it best, moved together to places in a row;"
                                    + " the method itself.",
                            Parameter.whole("chunk", "Tokens of a chunk (l)", 256, 1, 65_536),
                            Parameter.whole(
                                    "length",
                                    "Keys of a query, and the largest position; texts up to here"
                                            + " are dense (attention length)",
                                    4096,
                                    1,
                                    1 << 20))
                    .withOtherPositions()
                    .blindTo(Trait.BIAS, Trait.WINDOW);

    @Override
    public PolicyInfo info() {
        return INFO;
    }

    /** A quarter of the text in eight chunks below 16384 tokens; ours. */
    @Override
    public Settings preset(int tokens) {
        if (tokens >= 16_384) {
            return Settings.standard(INFO);
        }
        int chunk = Math.clamp(tokens / 32, 4, 256);
        return Settings.standard(INFO).with("chunk", chunk).with("length", 8 * chunk);
    }

    @Override
    public Planner start(Settings settings, PolicyRun run) {
        Rotary rotary = Positions.of(INFO, run);
        int chunk = settings.whole("chunk");
        int chunks = Math.max(3, settings.whole("length") / chunk);
        return (site, progress) ->
                new LongHeadsChoice(
                                site,
                                Positions.of(INFO, rotary, site),
                                chunk,
                                chunks,
                                run.sweep(),
                                progress)
                        .plan(INFO);
    }
}
