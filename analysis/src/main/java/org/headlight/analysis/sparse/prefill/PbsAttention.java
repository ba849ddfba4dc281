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
import org.headlight.engine.attend.Selection;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * PBS-Attn (Wang et al. 2025): keys are sorted within segments by what the last queries give them,
 * so that keys that matter share blocks; then blocks of sorted keys are chosen. The order of keys
 * changes no output by itself.
 */
public final class PbsAttention implements Policy {
    private static final int LONG = 4096;
    private static final PolicyInfo INFO =
            PolicyInfo.full(
                            "pbs",
                            "PBS-Attn",
                            "Wang et al. 2025, arXiv 2510.21270",
                            Phase.PREFILL,
                            Unit.BLOCK,
                            "Sorts keys within segments by what the last queries give them and"
                                + " keeps the best blocks of sorted keys; it is the method itself,"
                                + " but the last queries choose for earlier ones.",
                            Parameter.real(
                                    "threshold",
                                    "Share of the estimate over earlier segments that the kept"
                                            + " blocks reach (tau)",
                                    0.9,
                                    0.01,
                                    1),
                            Parameter.choice(
                                    "segment",
                                    "How many keys are sorted among each other (S)",
                                    "256",
                                    "128",
                                    "512",
                                    "1024",
                                    "2048"),
                            Parameter.choice(
                                    "score",
                                    "What blocks are scored by: mean queries and keys, or"
                                            + " antidiagonals (the method's plus variant)",
                                    "mean",
                                    "antidiagonal"),
                            Parameter.choice(
                                    "block",
                                    "How many queries and sorted keys make a block (B)",
                                    "128",
                                    "64"))
                    .blindTo(Trait.SOFT_CAP, Trait.BIAS);

    @Override
    public PolicyInfo info() {
        return INFO;
    }

    /** Blocks of 64 in segments of 128 below 4096 tokens. */
    @Override
    public Settings preset(int tokens) {
        Settings standard = Settings.standard(INFO);
        return tokens < LONG ? standard.parsed("block", "64").parsed("segment", "128") : standard;
    }

    @Override
    public Planner start(Settings settings, PolicyRun run) {
        return new Choice(settings, run.sweep());
    }

    private static final class Choice implements Planner {
        private final int block;
        private final int segment;
        private final double threshold;
        private final boolean antidiagonal;
        private final SweepOptions sweep;
        private final AntidiagonalEstimate estimate;

        Choice(Settings settings, SweepOptions sweep) {
            this.block = BlockSizes.of(settings);
            this.segment = Integer.parseInt(settings.choice("segment"));
            this.threshold = settings.real("threshold");
            this.antidiagonal = settings.choice("score").equals("antidiagonal");
            this.sweep = sweep;
            this.estimate = new AntidiagonalEstimate(sweep);
        }

        @Override
        public Plan plan(PolicySite site, Progress progress) {
            AttentionInput input = Causal.input(INFO, site);
            if (input.k().rows() <= segment) {
                return new Plan.Selected(Selection.dense());
            }
            SortedKeys[] sorted = new SortedKeys[site.heads()];
            EachHead.run(
                    sorted.length,
                    sweep.threads(),
                    progress,
                    head -> sorted[head] = sort(input, head, progress));
            SortedBlocks[] blocks = new SortedBlocks[sorted.length];
            if (antidiagonal) {
                for (int head = 0; head < sorted.length; head++) {
                    AttentionInput turned = sorted[head].estimated(input, head);
                    float[] sums =
                            estimate.scores(turned, site.scorer(), stride(), block, progress);
                    blocks[head] = SortedBlocks.bySums(sorted[head], threshold, sums);
                }
            } else {
                EachHead.run(
                        sorted.length,
                        sweep.threads(),
                        progress,
                        head ->
                                blocks[head] =
                                        SortedBlocks.byMeans(
                                                sorted[head],
                                                threshold,
                                                sorted[head].estimated(input, head)));
            }
            List<SortedBlocks> all = Arrays.asList(blocks);
            return new Plan.Computed(
                    new SortedWork(all), Optional.of(SortedBlocks.kept(all, block)));
        }

        private SortedKeys sort(AttentionInput input, int head, Progress progress) {
            int complete = input.k().rows() / segment * segment;
            AttentionInput whole = input.part(0, input.q().rows(), complete);
            LastQueries last = new LastQueries(whole, head, block, sweep, progress);
            return new SortedKeys(input, segment, block, last.columns());
        }

        private static int stride() {
            return 8;
        }

        @Override
        public void close() {
            estimate.close();
        }
    }
}
