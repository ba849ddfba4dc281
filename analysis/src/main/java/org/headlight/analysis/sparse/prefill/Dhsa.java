package org.headlight.analysis.sparse.prefill;

import org.headlight.analysis.sparse.Parameter;
import org.headlight.analysis.sparse.Phase;
import org.headlight.analysis.sparse.Plan;
import org.headlight.analysis.sparse.Planner;
import org.headlight.analysis.sparse.Policy;
import org.headlight.analysis.sparse.PolicyInfo;
import org.headlight.analysis.sparse.PolicyRun;
import org.headlight.analysis.sparse.PolicySite;
import org.headlight.analysis.sparse.Settings;
import org.headlight.analysis.sparse.Trait;
import org.headlight.analysis.sparse.Unit;
import org.headlight.analysis.sparse.select.Causal;
import org.headlight.analysis.sparse.select.EachHead;
import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.attend.Spans;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;

/**
 * DHSA as published in 2026 (Xiong et al.): for each 128 queries, a share of the key blocks, chosen
 * by one of four rules.
 */
public final class Dhsa implements Policy {
    private static final PolicyInfo INFO =
            PolicyInfo.full(
                            "dhsa",
                            "DHSA",
                            "Xiong et al. 2025, arXiv 2510.24606",
                            Phase.PREFILL,
                            Unit.BLOCK,
                            "Keeps a share of the key blocks for every 128 queries; it is the"
                                + " training-free method of the code of 2026, not the trained"
                                + " predictor of the paper, and with vs and vsb the last queries"
                                + " choose for earlier ones.",
                            Parameter.choice(
                                    "rule",
                                    "How key blocks are scored: vs by columns and distances of the"
                                        + " last queries, topk and a by mean queries and keys, vsb"
                                        + " by block columns and block distances",
                                    "vs",
                                    "a",
                                    "topk",
                                    "vsb"),
                            Parameter.real(
                                    "density",
                                    "Share of all key blocks that 128 queries keep",
                                    0.125,
                                    0.001,
                                    1),
                            Parameter.choice(
                                    "block", "How many keys make a block", "32", "64", "128"))
                    .blindTo(Trait.BIAS);

    @Override
    public PolicyInfo info() {
        return INFO;
    }

    @Override
    public Planner start(Settings settings, PolicyRun run) {
        return (site, progress) -> new Plan.Selected(select(settings, site, run.sweep(), progress));
    }

    private static Spans select(
            Settings settings, PolicySite site, SweepOptions sweep, Progress progress) {
        AttentionInput input = Causal.input(INFO, site);
        int block = BlockSizes.of(settings);
        int keys = input.k().rows();
        int most = Math.max(1, (int) (settings.real("density") * Math.ceilDiv(keys, block) + 1e-9));
        PooledScores scores = new PooledScores(input, DhsaChoice.QUERIES, block);
        boolean[][][] kept = new boolean[site.heads()][][];
        EachHead.run(
                site.heads(),
                sweep.threads(),
                progress,
                head -> {
                    DhsaChoice choice = new DhsaChoice(input, head, block, most);
                    kept[head] =
                            switch (settings.choice("rule")) {
                                case "topk" -> choice.best(scores);
                                case "a" -> choice.bestBetween(scores);
                                case "vsb" -> choice.blockwise(last(input, head, sweep, progress));
                                default -> choice.lines(last(input, head, sweep, progress));
                            };
                });
        Spans.Builder spans = new Spans.Builder(site.heads(), site.queries(), DhsaChoice.QUERIES);
        for (boolean[][] head : kept) {
            for (boolean[] row : head) {
                for (int b = 0; b < row.length; b++) {
                    if (row[b]) {
                        spans.add(b * block, Math.min(keys, (b + 1) * block));
                    }
                }
                spans.next();
            }
        }
        return spans.build();
    }

    private static LastQueries last(
            AttentionInput input, int head, SweepOptions sweep, Progress progress) {
        return new LastQueries(input, head, DhsaChoice.QUERIES, sweep, progress);
    }
}
