package org.headlight.analysis.sparse.prefill;

import org.headlight.analysis.antidiagonal.BlockGrid;
import org.headlight.analysis.antidiagonal.BlockSet;
import org.headlight.analysis.sparse.Parameter;
import org.headlight.analysis.sparse.Phase;
import org.headlight.analysis.sparse.Planner;
import org.headlight.analysis.sparse.Policy;
import org.headlight.analysis.sparse.PolicyInfo;
import org.headlight.analysis.sparse.PolicyRun;
import org.headlight.analysis.sparse.Settings;
import org.headlight.analysis.sparse.Unit;
import org.headlight.analysis.sparse.select.Best;
import org.headlight.analysis.sparse.select.Blocks;
import org.headlight.analysis.sparse.select.Causal;
import org.headlight.analysis.sparse.select.SiteMaps;
import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.sweep.Sweep;
import org.headlight.engine.sweep.SweepOptions;

import java.util.List;

/**
 * SeerAttention's ground truth (Gao et al. 2024): what its gates are distilled from, the largest
 * probability in each block, taken instead of the gates.
 */
public final class SeerOracle implements Policy {
    /** Block rows at the end that the method leaves dense. */
    private static final int DENSE_ROWS = 2;

    private static final PolicyInfo INFO =
            PolicyInfo.full(
                            "seer-oracle",
                            "SeerAttention ground truth",
                            "Gao et al. 2024, arXiv 2410.13276",
                            Phase.PREFILL,
                            Unit.BLOCK,
                            "Keeps the blocks whose largest probability passes a threshold, which"
                                    + " is what SeerAttention's gates learn to foretell; it reads"
                                    + " the dense map first, so it is an upper bound and never a"
                                    + " speed-up.",
                            Parameter.choice(
                                    "rule",
                                    "Whether blocks pass a threshold, or a number of the best is"
                                            + " kept in each block row",
                                    "threshold",
                                    "topk"),
                            Parameter.real(
                                    "threshold",
                                    "Largest probability that a block has to pass",
                                    0.002,
                                    0,
                                    1),
                            Parameter.real(
                                    "ratio",
                                    "Share of all visible blocks that is kept by number",
                                    0.2,
                                    0.001,
                                    1),
                            BlockSizes.small())
                    .asOracle();

    @Override
    public PolicyInfo info() {
        return INFO;
    }

    /** A threshold that falls with the length, from 0.02 to the paper's at 8192 tokens. */
    @Override
    public Settings preset(int tokens) {
        return Settings.standard(INFO)
                .with("threshold", Math.clamp(16.0 / Math.max(1, tokens), 0.002, 0.02));
    }

    @Override
    public Planner start(Settings settings, PolicyRun run) {
        int block = BlockSizes.of(settings);
        SweepOptions alone = run.sweep().withThreads(1).withRowStep(1);
        return (site, progress) -> {
            AttentionInput input = Causal.input(INFO, site);
            return BlockPlan.of(
                    input,
                    block,
                    run.sweep().threads(),
                    progress,
                    (head, grid) -> {
                        BlockMax truth = new BlockMax(grid);
                        Sweep.run(
                                SiteMaps.map(input, head), List.of(truth), alone, progress.quiet());
                        return choose(settings, input, grid, truth);
                    });
        };
    }

    private static BlockSet choose(
            Settings settings, AttentionInput input, BlockGrid grid, BlockMax truth) {
        BlockSet set = BlockPlan.empty(grid);
        boolean ranked = settings.choice("rule").equals("topk");
        double threshold = settings.real("threshold");
        int most = (int) Math.ceil((1 - Math.sqrt(1 - settings.real("ratio"))) * grid.cols());
        for (int row = 0; row < grid.rows(); row++) {
            Blocks.addOwn(set, grid, input, row);
            if (row >= grid.rows() - DENSE_ROWS) {
                BlockPlan.addRange(set, grid, row, 0, grid.cols());
            } else if (ranked) {
                for (int col : Best.of(truth.row(row), grid.end(row), most)) {
                    set.add(row, col);
                }
            } else {
                for (int col = grid.first(row); col < grid.end(row); col++) {
                    if (truth.get(row, col) > threshold) {
                        set.add(row, col);
                    }
                }
            }
        }
        return set;
    }
}
