package org.headlight.analysis.sparse.surrogate;

import org.headlight.analysis.sparse.Parameter;
import org.headlight.analysis.sparse.Phase;
import org.headlight.analysis.sparse.Plan;
import org.headlight.analysis.sparse.Planner;
import org.headlight.analysis.sparse.Policy;
import org.headlight.analysis.sparse.PolicyInfo;
import org.headlight.analysis.sparse.PolicyRun;
import org.headlight.analysis.sparse.Settings;
import org.headlight.analysis.sparse.Trait;
import org.headlight.analysis.sparse.Unit;
import org.headlight.analysis.sparse.select.Causal;
import org.headlight.analysis.sparse.select.Picker;
import org.headlight.analysis.sparse.select.TilePacker;

/**
 * The selection of Native Sparse Attention (Yuan et al. 2025) without its weights: attention to
 * means of blocks says which blocks each query of a group of heads keeps, beside a window; one
 * softmax over both, where the method has three branches with gates.
 */
public final class Nsa implements Policy {
    private static final PolicyInfo INFO =
            PolicyInfo.full(
                            "nsa",
                            "NSA selection",
                            "after Yuan et al. 2025, arXiv 2502.11089",
                            Phase.BOTH,
                            Unit.PAGE,
                            "Keeps the blocks whose mean key a group of heads attends to most, and"
                                + " a window, in one softmax; not NSA, whose compression, branches"
                                + " and gates are trained.",
                            Parameter.whole("block", "Keys of a block (l')", 64, 1, 4096),
                            Parameter.whole(
                                    "top", "Blocks kept, own and first counted (n)", 16, 1, 65_536),
                            Parameter.whole("first", "First blocks, always kept", 1, 0, 1024),
                            Parameter.whole(
                                    "window",
                                    "Newest keys, always kept, the query's own counted (w)",
                                    512,
                                    1,
                                    1 << 20))
                    .asSurrogate()
                    .blindTo(Trait.BIAS, Trait.WINDOW);

    @Override
    public PolicyInfo info() {
        return INFO;
    }

    /** An eighth of the text in blocks and a sixteenth as window below 8192 tokens; ours. */
    @Override
    public Settings preset(int tokens) {
        return Settings.standard(INFO)
                .with("block", Math.clamp(tokens / 128, 2, 64))
                .with("window", Math.clamp(tokens / 16, 4, 512));
    }

    @Override
    public Planner start(Settings settings, PolicyRun run) {
        int block = settings.whole("block");
        return (site, progress) -> {
            Causal.check(INFO, site);
            return new Plan.Selected(
                    BlockLists.of(
                            site,
                            block,
                            settings.whole("window"),
                            () -> new Largest(settings, site.to() / block + 1),
                            run.sweep(),
                            progress));
        };
    }

    /** Chooses blocks on one thread. */
    private static final class Largest implements BlockLists.Choice {
        private final int block;
        private final int most;
        private final int first;
        private final double[] scores;
        private final Picker picker = new Picker();

        Largest(Settings settings, int blocks) {
            block = settings.whole("block");
            first = settings.whole("first");
            most = Math.max(settings.whole("top"), first + 1);
            scores = new double[blocks];
        }

        @Override
        public int blocks(int keyHead, int position, float[] shares, int at, int[] target) {
            int own = position / block;
            for (int b = 0; b < own; b++) {
                scores[b] =
                        b < first ? Double.POSITIVE_INFINITY : shares[at + b * TilePacker.LANES];
            }
            scores[own] = Double.POSITIVE_INFINITY;
            return picker.pick(scores, own + 1, most, target);
        }
    }
}
