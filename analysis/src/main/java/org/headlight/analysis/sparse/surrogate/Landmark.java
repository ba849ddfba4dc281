package org.headlight.analysis.sparse.surrogate;

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
import org.headlight.analysis.sparse.select.CompressedKeys;
import org.headlight.analysis.sparse.select.EachItem;
import org.headlight.analysis.sparse.select.Picker;
import org.headlight.analysis.sparse.select.TilePacker;
import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.attend.AttentionOutput;
import org.headlight.engine.attend.LogSumExp;
import org.headlight.engine.attend.Selection;
import org.headlight.engine.attend.Spans;
import org.headlight.engine.cut.SiteAttend;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;

import java.util.Arrays;
import java.util.Optional;

/**
 * The grouped softmax of landmark attention (Mohtashami and Jaggi 2023) without its landmark
 * tokens: the mean key of a block stands for it. A query's first softmax is over the tokens of its
 * own block and the means of the blocks that it retrieves; what a mean takes is shared out by a
 * softmax inside its block. Weights sum to 1.
 */
public final class Landmark implements Policy {
    private static final PolicyInfo INFO =
            PolicyInfo.full(
                            "landmark",
                            "Landmark grouping",
                            "after Mohtashami and Jaggi 2023, arXiv 2305.16300",
                            Phase.BOTH,
                            Unit.PAGE,
                            "Keeps a query's own block and those whose mean key fits it best, each"
                                + " with the weight of its mean; an illustration, not the method,"
                                + " whose landmark tokens are trained.",
                            Parameter.whole("block", "Tokens of a block (mem_freq)", 50, 1, 4096),
                            Parameter.whole("top", "Blocks that are retrieved (k)", 4, 0, 1024))
                    .asSurrogate()
                    .notOneSoftmax()
                    .blindTo(Trait.BIAS, Trait.WINDOW);

    @Override
    public PolicyInfo info() {
        return INFO;
    }

    /** Blocks of a fortieth of the text below 2000 tokens; ours. */
    @Override
    public Settings preset(int tokens) {
        return Settings.standard(INFO).with("block", Math.clamp(tokens / 40, 4, 50));
    }

    @Override
    public Planner start(Settings settings, PolicyRun run) {
        int block = settings.whole("block");
        int top = settings.whole("top");
        return (site, progress) -> {
            Causal.check(INFO, site);
            Groups groups = new Groups(site, block, top);
            groups.choose(run.sweep(), progress);
            return new Plan.Computed(groups, Optional.of(groups.kept()));
        };
    }

    /** The blocks that each query retrieves, and attention over them. */
    private static final class Groups implements Plan.Work {
        private static final int LANES = TilePacker.LANES;

        private final PolicySite site;
        private final int block;
        private final int top;

        /** Blocks of each query of each head, rising, [H][N], and the scores of their means. */
        private final int[][][] chosen;

        private final float[][][] scores;

        Groups(PolicySite site, int block, int top) {
            this.site = site;
            this.block = block;
            this.top = top;
            this.chosen = new int[site.heads()][site.queries()][];
            this.scores = new float[site.heads()][site.queries()][];
        }

        void choose(SweepOptions sweep, Progress progress) {
            CompressedKeys means = BlockLists.means(site, block);
            int tiles = Math.ceilDiv(site.queries(), LANES);
            EachItem.run(
                    site.heads() * tiles,
                    sweep.threads(),
                    progress,
                    () -> {
                        CompressedKeys.Tile tile = means.tile(sweep.kernels());
                        Picker picker = new Picker();
                        int[] picked = new int[means.count()];
                        return item -> {
                            int head = item / tiles;
                            int row0 = item % tiles * LANES;
                            int end = Math.min(site.queries(), row0 + LANES);
                            float[] all = tile.scores(head, row0, (site.from() + end - 1) / block);
                            for (int row = row0; row < end; row++) {
                                int old = (site.from() + row) / block;
                                int count = picker.pick(all, row - row0, LANES, old, top, picked);
                                take(head, row, all, row - row0, Arrays.copyOf(picked, count));
                            }
                        };
                    });
        }

        private void take(int head, int row, float[] all, int lane, int[] blocks) {
            float[] own = new float[blocks.length];
            for (int i = 0; i < own.length; i++) {
                own[i] = all[blocks[i] * LANES + lane];
            }
            chosen[head][row] = blocks;
            scores[head][row] = own;
        }

        Selection kept() {
            Spans.Builder spans = new Spans.Builder(site.heads(), site.queries(), 1);
            for (int[][] head : chosen) {
                for (int row = 0; row < head.length; row++) {
                    for (int b : head[row]) {
                        spans.add(b * block, (b + 1) * block);
                    }
                    int position = site.from() + row;
                    spans.add(position / block * block, position + 1).next();
                }
            }
            return spans.build();
        }

        /** Each query's block of one rank; its own block for rank -1. */
        private Selection ranked(int rank) {
            Spans.Builder spans = new Spans.Builder(site.heads(), site.queries(), 1);
            for (int[][] head : chosen) {
                for (int row = 0; row < head.length; row++) {
                    int position = site.from() + row;
                    if (rank < 0) {
                        spans.add(position / block * block, position + 1);
                    } else if (rank < head[row].length) {
                        spans.add(head[row][rank] * block, (head[row][rank] + 1) * block);
                    }
                    spans.next();
                }
            }
            return spans.build();
        }

        @Override
        public void attend(
                AttentionInput input,
                SiteAttend kernels,
                AttentionOutput output,
                Progress progress) {
            int rows = site.queries();
            kernels.attend(input, ranked(-1), output);
            float[] none = new float[site.heads()];
            Arrays.fill(none, Float.NEGATIVE_INFINITY);
            AttentionInput inside = input.withSinks(none);
            AttentionOutput part = AttentionOutput.allocate(site.heads(), rows, input.v().width());
            int ranks = Math.min(top, (site.to() - 1) / block);
            for (int rank = 0; rank < ranks; rank++) {
                kernels.attend(inside, ranked(rank), part);
                for (int head = 0; head < site.heads(); head++) {
                    for (int row = 0; row < rows; row++) {
                        float[] own = scores[head][row];
                        // What a block weighs is its mean's share, whatever its own sum is.
                        part.lse()[head * rows + row] =
                                rank < own.length ? own[rank] : Float.NEGATIVE_INFINITY;
                    }
                }
                LogSumExp.merge(part, output);
            }
        }
    }
}
