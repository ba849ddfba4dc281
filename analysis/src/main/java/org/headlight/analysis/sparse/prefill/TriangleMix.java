package org.headlight.analysis.sparse.prefill;

import org.headlight.analysis.antidiagonal.BlockSet;
import org.headlight.analysis.sparse.Parameter;
import org.headlight.analysis.sparse.Phase;
import org.headlight.analysis.sparse.Plan;
import org.headlight.analysis.sparse.Planner;
import org.headlight.analysis.sparse.Policy;
import org.headlight.analysis.sparse.PolicyInfo;
import org.headlight.analysis.sparse.PolicyRun;
import org.headlight.analysis.sparse.Settings;
import org.headlight.analysis.sparse.Unit;
import org.headlight.analysis.sparse.select.Causal;
import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.attend.Selection;

/**
 * TriangleMix (He et al. 2025): the first layers are dense; deeper ones keep the first keys and a
 * window, but for the last queries, which see everything.
 */
public final class TriangleMix implements Policy {
    private static final int BLOCK = 64;
    private static final PolicyInfo INFO =
            PolicyInfo.full(
                    "triangle",
                    "TriangleMix",
                    "He et al. 2025, arXiv 2507.21526",
                    Phase.PREFILL,
                    Unit.BAND,
                    "Leaves the first layers dense; deeper layers keep the first keys and a window,"
                            + " and their last queries see everything; it is the method itself, in"
                            + " blocks of 64.",
                    Parameter.real(
                            "dense",
                            "Share of the layers, from the first on, that is dense",
                            0.5,
                            0,
                            1),
                    Parameter.whole(
                            "sink",
                            "How many of the first keys deeper layers keep, in blocks of 64",
                            64,
                            0,
                            1 << 20),
                    Parameter.whole(
                            "window",
                            "How many of the last keys deeper layers keep, in blocks of 64",
                            1024,
                            1,
                            1 << 20),
                    Parameter.whole(
                            "last",
                            "How many of the last queries see everything, in blocks of 64",
                            128,
                            0,
                            1 << 20));

    @Override
    public PolicyInfo info() {
        return INFO;
    }

    /** A window of an 8th of the text, and one block of last queries, below 8192 tokens. */
    @Override
    public Settings preset(int tokens) {
        return Settings.standard(INFO)
                .with("window", Math.clamp(tokens / 8, BLOCK, 1024))
                .with("last", tokens < 8192 ? BLOCK : 2 * BLOCK);
    }

    @Override
    public Planner start(Settings settings, PolicyRun run) {
        long first = Math.round(settings.real("dense") * run.layers());
        int sink = Math.ceilDiv(settings.whole("sink"), BLOCK);
        int window = Math.ceilDiv(settings.whole("window"), BLOCK);
        int last = Math.ceilDiv(settings.whole("last"), BLOCK);
        return (site, progress) -> {
            AttentionInput input = Causal.input(INFO, site);
            if (site.layer() < first) {
                return new Plan.Selected(Selection.dense());
            }
            return BlockPlan.of(
                    input,
                    BLOCK,
                    1,
                    progress,
                    (head, grid) -> {
                        BlockSet set = LServe.ends(grid, sink, window);
                        for (int row = Math.max(0, grid.rows() - last); row < grid.rows(); row++) {
                            BlockPlan.addRange(set, grid, row, 0, grid.cols());
                        }
                        return set;
                    });
        };
    }
}
