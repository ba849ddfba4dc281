package org.headlight.analysis.sparse.prefill;

import org.headlight.analysis.sparse.Parameter;
import org.headlight.analysis.sparse.Phase;
import org.headlight.analysis.sparse.Planner;
import org.headlight.analysis.sparse.Policy;
import org.headlight.analysis.sparse.PolicyInfo;
import org.headlight.analysis.sparse.PolicyRun;
import org.headlight.analysis.sparse.Settings;
import org.headlight.analysis.sparse.Trait;
import org.headlight.analysis.sparse.Unit;
import org.headlight.analysis.sparse.select.Causal;
import org.headlight.engine.attend.AttentionInput;

/**
 * FlexPrefill (Lai et al. 2025): heads whose block means foretell what the last queries look at
 * choose blocks by them, the others choose block columns and block diagonals that cover a share of
 * what the last queries look at.
 */
public final class FlexPrefill implements Policy {
    private static final int LONG = 4096;
    private static final PolicyInfo INFO =
            PolicyInfo.full(
                            "flexprefill",
                            "FlexPrefill",
                            "Lai et al. 2025, arXiv 2502.20766",
                            Phase.PREFILL,
                            Unit.BLOCK,
                            "Keeps block columns and block diagonals that cover a share of what the"
                                + " last queries look at, and in heads that block means foretell"
                                + " also the best blocks; it is the method itself, but the last"
                                + " queries choose for earlier ones.",
                            Parameter.real(
                                    "gamma",
                                    "Share of the attention that is covered (gamma)",
                                    0.9,
                                    0,
                                    1),
                            Parameter.real(
                                    "tau",
                                    "How far block means may be from the truth, as the square root"
                                        + " of their Jensen-Shannon divergence, for a head to count"
                                        + " as query-aware (tau)",
                                    0.1,
                                    0,
                                    1),
                            Parameter.whole(
                                    "budget",
                                    "How many keys are kept at the least, as columns and as"
                                            + " diagonals",
                                    512,
                                    1,
                                    1 << 20),
                            BlockSizes.usual())
                    .blindTo(Trait.BIAS);

    @Override
    public PolicyInfo info() {
        return INFO;
    }

    /** Blocks of 64 below 4096 tokens, and a least budget of a 16th of the text, up to 512. */
    @Override
    public Settings preset(int tokens) {
        Settings standard = Settings.standard(INFO);
        Settings sized = tokens < LONG ? standard.parsed("block", "64") : standard;
        return sized.with("budget", Math.clamp(tokens / 16, 64, 512));
    }

    @Override
    public Planner start(Settings settings, PolicyRun run) {
        int block = BlockSizes.of(settings);
        FlexChoice choice =
                new FlexChoice(
                        block,
                        settings.real("gamma"),
                        settings.real("tau"),
                        settings.whole("budget"),
                        run.sweep());
        return (site, progress) -> {
            AttentionInput input = Causal.input(INFO, site);
            PooledScores scores = new PooledScores(input, block, block);
            return BlockPlan.of(
                    input,
                    block,
                    run.sweep().threads(),
                    progress,
                    (head, grid) -> choice.choose(input, scores, head, grid, progress));
        };
    }
}
