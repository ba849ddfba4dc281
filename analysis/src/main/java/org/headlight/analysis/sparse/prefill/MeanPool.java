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
import org.headlight.analysis.sparse.Trait;
import org.headlight.analysis.sparse.Unit;
import org.headlight.analysis.sparse.select.Best;
import org.headlight.analysis.sparse.select.Causal;
import org.headlight.engine.attend.AttentionInput;

/**
 * The block-sparse pattern of MInference (Jiang et al. 2024): for each block of queries the blocks
 * of keys whose mean key fits the mean query best.
 */
public final class MeanPool implements Policy {
    private static final PolicyInfo INFO =
            PolicyInfo.full(
                            "mean-pool",
                            "Block mean-pool",
                            "Jiang et al. 2024, arXiv 2407.02490",
                            Phase.PREFILL,
                            Unit.BLOCK,
                            "Keeps, for each block of queries, the blocks whose mean key fits the"
                                + " mean query best; it is the method itself, and means hide single"
                                + " keys.",
                            Parameter.whole(
                                    "blocks",
                                    "How many blocks of keys each block of queries keeps (k)",
                                    100,
                                    1,
                                    1 << 16),
                            BlockSizes.small(),
                            Parameter.choice(
                                    "forced",
                                    "Which blocks are always kept: none, as in MInference, or the"
                                        + " first, the own and the one before it, as in The Sparse"
                                        + " Frontier",
                                    "none",
                                    "ends"))
                    .blindTo(Trait.BIAS);

    @Override
    public PolicyInfo info() {
        return INFO;
    }

    /** An 8th of the blocks, at least 4, up to the paper's 100. */
    @Override
    public Settings preset(int tokens) {
        return Settings.standard(INFO).with("blocks", Math.clamp(tokens / 512, 4, 100));
    }

    @Override
    public Planner start(Settings settings, PolicyRun run) {
        int block = BlockSizes.of(settings);
        int most = settings.whole("blocks");
        boolean ends = settings.choice("forced").equals("ends");
        return (site, progress) -> {
            AttentionInput input = Causal.input(INFO, site);
            PooledScores scores = new PooledScores(input, block, block);
            return BlockPlan.of(
                    input,
                    block,
                    run.sweep().threads(),
                    progress,
                    (head, grid) -> choose(scores, grid, head, most, ends));
        };
    }

    private static BlockSet choose(
            PooledScores scores, BlockGrid grid, int head, int most, boolean ends) {
        BlockSet set = BlockPlan.empty(grid);
        double[] row = new double[grid.cols()];
        for (int r = 0; r < grid.rows(); r++) {
            int first = grid.first(r);
            scores.row(head, r, first, grid.end(r), row);
            if (ends) {
                row[first] = Double.POSITIVE_INFINITY;
                row[grid.own(r)] = Double.POSITIVE_INFINITY;
                row[Math.max(first, grid.own(r) - 1)] = Double.POSITIVE_INFINITY;
            }
            int count = grid.end(r) - first;
            double[] seen = new double[count];
            System.arraycopy(row, first, seen, 0, count);
            for (int col : Best.of(seen, count, most)) {
                set.add(r, first + col);
            }
        }
        return set;
    }
}
