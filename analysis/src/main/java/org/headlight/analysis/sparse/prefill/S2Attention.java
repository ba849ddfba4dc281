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
import org.headlight.engine.attend.AttentionInput;

/**
 * S2-Attention (Lin et al. 2024): every head keeps a window and, with a phase of its own, every so
 * many blocks, so that the heads together see all of the text.
 */
public final class S2Attention implements Policy {
    private static final int LONG = 16384;
    private static final PolicyInfo INFO =
            PolicyInfo.full(
                    "s2",
                    "S2-Attention",
                    "Lin et al. 2024, arXiv 2407.17678",
                    Phase.PREFILL,
                    Unit.BLOCK,
                    "Keeps a window and every so many blocks, with another phase in each key"
                            + " head; the mask is that of the paper, whose models were trained for"
                            + " it, so expect bad outputs on a model that was not.",
                    Parameter.whole(
                            "local", "How many of the last blocks are kept", 32, 1, 1 << 16),
                    Parameter.whole(
                            "stride", "Of how many blocks one is kept further back", 8, 1, 1 << 16),
                    Parameter.whole(
                            "dense", "How many of the last key heads keep everything", 0, 0, 4096),
                    BlockSizes.small());

    @Override
    public PolicyInfo info() {
        return INFO;
    }

    /** A window of an 8th of the blocks below 16384 tokens, and every fourth block below 4096. */
    @Override
    public Settings preset(int tokens) {
        Settings standard = Settings.standard(INFO);
        return tokens < LONG
                ? standard.with("local", Math.clamp(tokens / 512, 1, 32))
                        .with("stride", tokens < LONG / 4 ? 4 : 8)
                : standard;
    }

    @Override
    public Planner start(Settings settings, PolicyRun run) {
        int block = BlockSizes.of(settings);
        int local = settings.whole("local");
        int stride = settings.whole("stride");
        int dense = settings.whole("dense");
        return (site, progress) -> {
            AttentionInput input = site.input();
            int keyHeads = site.keyHeads();
            int step = Math.max(1, stride / keyHeads);
            return BlockPlan.of(
                    input,
                    block,
                    1,
                    progress,
                    (head, grid) -> {
                        int keyHead = input.keyHead(head);
                        return keyHead >= keyHeads - dense
                                ? BlockSet.all(grid)
                                : mask(grid, local, stride, keyHead * step);
                    });
        };
    }

    /**
     * The blocks of a head.
     *
     * @param phase by how many blocks the kept ones are shifted
     */
    static BlockSet mask(BlockGrid grid, int local, int stride, int phase) {
        BlockSet set = BlockPlan.empty(grid);
        for (int row = 0; row < grid.rows(); row++) {
            for (int col = grid.first(row); col < grid.end(row); col++) {
                int back = Math.abs(grid.own(row) - col);
                int place = grid.causal() ? col + phase : back - (local - 1) + phase;
                if (back < local || place % stride == 0) {
                    set.add(row, col);
                }
            }
        }
        return set;
    }
}
