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
 * InfLLM (Xiao et al. 2024): a local window at true distances, and before it the first tokens, the
 * units of neighbouring tokens that fit a block of queries best, and what has left the window but
 * fills no unit yet, all at the distance of the window. One softmax over all of it.
 */
public final class InfLlm implements Policy {
    private static final PolicyInfo INFO =
            PolicyInfo.full(
                            "infllm",
                            "InfLLM",
                            "Xiao et al. 2024, arXiv 2402.04617",
                            Phase.BOTH,
                            Unit.PAGE,
                            "Keeps the first tokens, a window, and the units that fit a block of"
                                + " queries best, for all heads together; the method itself. In the"
                                + " prefill a block of queries chooses as one, so a query is helped"
                                + " by later ones of its block.",
                            Parameter.whole(
                                    "init", "First tokens, always kept (n_init)", 128, 0, 65_536),
                            Parameter.whole(
                                    "local",
                                    "Window at true distance, the query's own token counted; all"
                                            + " before it sits at this distance (n_local)",
                                    4096,
                                    1,
                                    1 << 20),
                            Parameter.whole("unit", "Tokens of a unit (block_size)", 128, 1, 4096),
                            Parameter.whole("topk", "Units kept (topk)", 16, 0, 65_536),
                            Parameter.whole(
                                    "represent",
                                    "Tokens of a unit whose mean stands for it: those that received"
                                            + " most while in the window (repr_topk)",
                                    4,
                                    1,
                                    4096),
                            Parameter.whole(
                                    "block",
                                    "Queries that choose together in the prefill"
                                            + " (exec_block_size)",
                                    512,
                                    1,
                                    65_536))
                    .withOtherPositions();

    @Override
    public PolicyInfo info() {
        return INFO;
    }

    /**
     * Ours below 16384 tokens: a quarter as window, an eighth as units, an eighth of that first.
     */
    @Override
    public Settings preset(int tokens) {
        return Settings.standard(INFO)
                .with("init", Math.clamp(tokens / 64, 1, 128))
                .with("local", Math.clamp(tokens / 4, 8, 4096))
                .with("unit", Math.clamp(tokens / 128, 2, 128))
                .with("block", Math.clamp(tokens / 1024 * 64L, 64, 512));
    }

    @Override
    public Planner start(Settings settings, PolicyRun run) {
        Rotary rotary = Positions.of(INFO, run);
        return (site, progress) ->
                new InfLlmChoice(
                                settings,
                                site,
                                Positions.of(INFO, rotary, site),
                                run.sweep(),
                                progress)
                        .plan(INFO);
    }
}
