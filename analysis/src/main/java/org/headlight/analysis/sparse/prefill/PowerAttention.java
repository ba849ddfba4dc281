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
import org.headlight.analysis.sparse.select.Causal;
import org.headlight.engine.attend.AttentionInput;

/**
 * PowerAttention (Chen et al. 2025): blocks that are a power of two back, besides a window and the
 * first block, so that a token reaches 2^L others after L layers.
 */
public final class PowerAttention implements Policy {
    private static final int LONG = 8192;
    private static final PolicyInfo INFO =
            PolicyInfo.full(
                    "power",
                    "PowerAttention",
                    "Chen et al. 2025, arXiv 2503.03588",
                    Phase.PREFILL,
                    Unit.BLOCK,
                    "Keeps the blocks that are a power of two back, a window and the first block;"
                            + " the mask is that of the paper, whose models were trained for it,"
                            + " so expect bad outputs on a model that was not.",
                    Parameter.whole(
                            "window", "How many of the last blocks are kept (W)", 5, 1, 1 << 16),
                    Parameter.whole("sink", "How many of the first blocks are kept", 1, 0, 1 << 16),
                    BlockSizes.large());

    @Override
    public PolicyInfo info() {
        return INFO;
    }

    /** Blocks of 64 and a window of an 8th, at least 2 blocks, below 8192 tokens. */
    @Override
    public Settings preset(int tokens) {
        Settings standard = Settings.standard(INFO);
        return tokens < LONG
                ? standard.parsed("block", "64").with("window", Math.clamp(tokens / 512, 2, 5))
                : standard;
    }

    @Override
    public Planner start(Settings settings, PolicyRun run) {
        int block = BlockSizes.of(settings);
        int window = settings.whole("window");
        int sink = settings.whole("sink");
        return (site, progress) -> {
            AttentionInput input = Causal.input(INFO, site);
            return BlockPlan.of(
                    input, block, 1, progress, (head, grid) -> mask(grid, window, sink));
        };
    }

    /** The blocks of a head. */
    static BlockSet mask(BlockGrid grid, int window, int sink) {
        BlockSet set = BlockPlan.empty(grid);
        for (int row = 0; row < grid.rows(); row++) {
            for (int col = grid.first(row); col < grid.end(row); col++) {
                int back = grid.own(row) - col;
                if (back < window || col < sink || (back & (back - 1)) == 0) {
                    set.add(row, col);
                }
            }
        }
        return set;
    }
}
