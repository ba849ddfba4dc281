package org.headlight.analysis.sparse.prefill;

import org.headlight.analysis.antidiagonal.BlockGrid;
import org.headlight.analysis.antidiagonal.BlockSet;
import org.headlight.analysis.sparse.Parameter;
import org.headlight.analysis.sparse.Phase;
import org.headlight.analysis.sparse.Plan;
import org.headlight.analysis.sparse.Planner;
import org.headlight.analysis.sparse.Policy;
import org.headlight.analysis.sparse.PolicyInfo;
import org.headlight.analysis.sparse.PolicyRun;
import org.headlight.analysis.sparse.PolicySite;
import org.headlight.analysis.sparse.Settings;
import org.headlight.analysis.sparse.Unit;
import org.headlight.analysis.sparse.select.Causal;
import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.task.Progress;

/**
 * LServe's prefill (Yang et al. 2025), with heads split as DuoAttention does (Xiao et al. 2024):
 * some key heads see everything, the others the first blocks and the last ones.
 */
public final class LServe implements Policy {
    private static final int BLOCK = 64;
    private static final PolicyInfo INFO =
            PolicyInfo.full(
                    "lserve",
                    "LServe head mix",
                    "Yang et al. 2025, arXiv 2502.14866",
                    Phase.PREFILL,
                    Unit.BAND,
                    "Lets some heads see everything and the others the first blocks and the last"
                            + " ones; the heads are split by how much their last queries look"
                            + " elsewhere in a dense run over the same text, not by trained gates.",
                    Parameter.real(
                            "dense", "Share of the key heads that see everything", 0.5, 0, 1),
                    Parameter.whole(
                            "sink",
                            "How many of the first keys the other heads see, in blocks of 64",
                            128,
                            0,
                            1 << 20),
                    Parameter.whole(
                            "window",
                            "How many of the last keys the other heads see, in blocks of 64",
                            256,
                            1,
                            1 << 20),
                    Parameter.whole("last", "How many of the last queries decide", 64, 1, 4096));

    @Override
    public PolicyInfo info() {
        return INFO;
    }

    /** One block at the beginning and a 16th of the text below 4096 tokens. */
    @Override
    public Settings preset(int tokens) {
        return Settings.standard(INFO)
                .with("sink", tokens < 4096 ? BLOCK : 2 * BLOCK)
                .with("window", Math.clamp(tokens / 16, BLOCK, 256));
    }

    @Override
    public boolean needsDenseRun() {
        return true;
    }

    @Override
    public Planner start(Settings settings, PolicyRun run) {
        return new Choice(settings, run);
    }

    private static final class Choice implements Planner {
        private final int sink;
        private final int window;
        private final HeadSplit split;
        private final int threads;

        Choice(Settings settings, PolicyRun run) {
            this.sink = Math.ceilDiv(settings.whole("sink"), BLOCK);
            this.window = Math.ceilDiv(settings.whole("window"), BLOCK);
            this.threads = run.sweep().threads();
            this.split =
                    new HeadSplit(
                            settings.real("dense"),
                            sink * BLOCK,
                            window * BLOCK,
                            settings.whole("last"),
                            run);
        }

        @Override
        public Plan plan(PolicySite site, Progress progress) {
            AttentionInput input = Causal.input(INFO, site);
            boolean[] dense = split.dense(site, input, progress);
            return BlockPlan.of(
                    input,
                    BLOCK,
                    threads,
                    progress,
                    (head, grid) ->
                            dense[input.keyHead(head)]
                                    ? BlockSet.all(grid)
                                    : ends(grid, sink, window));
        }
    }

    /** The first blocks and the last ones. */
    static BlockSet ends(BlockGrid grid, int sink, int window) {
        BlockSet set = BlockPlan.empty(grid);
        for (int row = 0; row < grid.rows(); row++) {
            BlockPlan.addRange(set, grid, row, 0, sink);
            BlockPlan.addRange(set, grid, row, grid.own(row) - window + 1, grid.cols());
        }
        return set;
    }
}
