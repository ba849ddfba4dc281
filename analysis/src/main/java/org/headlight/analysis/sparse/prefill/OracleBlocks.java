package org.headlight.analysis.sparse.prefill;

import org.headlight.analysis.antidiagonal.BlockChooser;
import org.headlight.analysis.antidiagonal.BlockGrid;
import org.headlight.analysis.antidiagonal.BlockMass;
import org.headlight.analysis.antidiagonal.BlockSet;
import org.headlight.analysis.antidiagonal.XAttention;
import org.headlight.analysis.sparse.Parameter;
import org.headlight.analysis.sparse.Phase;
import org.headlight.analysis.sparse.Planner;
import org.headlight.analysis.sparse.Policy;
import org.headlight.analysis.sparse.PolicyInfo;
import org.headlight.analysis.sparse.PolicyRun;
import org.headlight.analysis.sparse.Settings;
import org.headlight.analysis.sparse.Unit;
import org.headlight.analysis.sparse.select.Blocks;
import org.headlight.analysis.sparse.select.SiteMaps;
import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.sweep.SweepOptions;

/** The fewest blocks of each block row that hold a share of its true attention. */
public final class OracleBlocks implements Policy {
    private static final PolicyInfo INFO =
            PolicyInfo.full(
                            "oracle-blocks",
                            "Oracle block cover",
                            "Upper bound of block methods",
                            Phase.PREFILL,
                            Unit.BLOCK,
                            "Keeps the fewest blocks that hold a share of the true attention;"
                                    + " it reads the dense map first, so it is an upper bound and"
                                    + " never a speed-up.",
                            Parameter.real(
                                    "share",
                                    "Share of each block row's attention that is kept",
                                    0.9,
                                    0.01,
                                    1),
                            BlockSizes.small())
                    .asOracle();

    @Override
    public PolicyInfo info() {
        return INFO;
    }

    @Override
    public Planner start(Settings settings, PolicyRun run) {
        int block = BlockSizes.of(settings);
        double share = settings.real("share");
        SweepOptions alone = run.sweep().withThreads(1);
        return (site, progress) -> {
            AttentionInput input = site.input();
            return BlockPlan.of(
                    input,
                    block,
                    run.sweep().threads(),
                    progress,
                    (head, grid) -> {
                        BlockMass mass =
                                XAttention.mass(
                                        SiteMaps.map(input, head), block, alone, progress.quiet());
                        BlockSet set = BlockChooser.cover(mass.table(block), grid, share);
                        addUnseen(set, grid, input);
                        return set;
                    });
        };
    }

    /** Behind a window, what one query of a row keeps may be hidden from another. */
    private static void addUnseen(BlockSet set, BlockGrid grid, AttentionInput input) {
        if (grid.causal() && grid.rows() > 0 && grid.first(grid.rows() - 1) > 0) {
            for (int row = 0; row < grid.rows(); row++) {
                Blocks.addOwn(set, grid, input, row);
            }
        }
    }
}
