package org.headlight.analysis.sparse.prefill;

import org.headlight.analysis.antidiagonal.BlockChooser;
import org.headlight.analysis.antidiagonal.BlockGrid;
import org.headlight.analysis.antidiagonal.BlockSet;
import org.headlight.analysis.antidiagonal.BlockTable;
import org.headlight.analysis.antidiagonal.ScoreVariant;
import org.headlight.analysis.antidiagonal.SelectionRule;
import org.headlight.analysis.antidiagonal.XAttentionOptions;
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
import org.headlight.analysis.sparse.select.Blocks;
import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.attend.BlockCsr;
import org.headlight.engine.task.Progress;

import java.util.Locale;
import java.util.Optional;

/**
 * XAttention (Xu et al. 2025): blocks whose antidiagonals, summed with a stride, hold a share of
 * what a block row holds.
 */
public final class XAttentionPolicy implements Policy {
    private static final int LONG = 8192;
    private static final PolicyInfo INFO =
            PolicyInfo.full(
                            "xattention",
                            "XAttention",
                            "Xu et al. 2025, arXiv 2503.16428",
                            Phase.PREFILL,
                            Unit.BLOCK,
                            "Keeps the blocks whose antidiagonal sums reach the threshold's share"
                                    + " of their block row, the first block and the own block among"
                                    + " them; it is the method itself.",
                            Parameter.real(
                                    "threshold",
                                    "Share of a block row's estimate that the kept blocks reach"
                                            + " (tau)",
                                    0.9,
                                    0.01,
                                    1),
                            Parameter.choice(
                                    "stride",
                                    "How many queries and keys are put into one for the estimate"
                                            + " (S): larger is faster and coarser",
                                    "8",
                                    "16",
                                    "4",
                                    "32",
                                    "64"),
                            BlockSizes.usual(),
                            Parameter.choice(
                                    "rule",
                                    "How blocks are taken: the fewest that reach the threshold, as"
                                            + " in the paper, or as in the published code",
                                    "minimal",
                                    "reference"))
                    .blindTo(Trait.SOFT_CAP, Trait.BIAS);

    @Override
    public PolicyInfo info() {
        return INFO;
    }

    /** Blocks of 64 on texts of less than 8192 tokens; the paper's settings from there on. */
    @Override
    public Settings preset(int tokens) {
        Settings standard = Settings.standard(INFO);
        return tokens < LONG ? standard.parsed("block", "64") : standard;
    }

    @Override
    public Planner start(Settings settings, PolicyRun run) {
        XAttentionOptions options =
                new XAttentionOptions(
                        BlockSizes.of(settings),
                        Integer.parseInt(settings.choice("stride")),
                        settings.real("threshold"),
                        SelectionRule.valueOf(settings.choice("rule").toUpperCase(Locale.ROOT)),
                        ScoreVariant.ANTIDIAGONAL,
                        0,
                        0);
        return new Choice(options, run);
    }

    private static final class Choice implements Planner {
        private final XAttentionOptions options;
        private final int threads;
        private final AntidiagonalEstimate estimate;

        Choice(XAttentionOptions options, PolicyRun run) {
            this.options = options;
            this.threads = run.sweep().threads();
            this.estimate = new AntidiagonalEstimate(run.sweep());
        }

        @Override
        public Plan plan(PolicySite site, Progress progress) {
            AttentionInput input = site.input();
            Optional<BlockCsr> chosen =
                    estimate.chosen(
                            input,
                            site.scorer(),
                            options.stride(),
                            options.block(),
                            options.blockRule(input.k().rows()),
                            progress);
            if (chosen.isPresent()) {
                return new Plan.Selected(chosen.get());
            }
            float[] scores =
                    estimate.scores(
                            input, site.scorer(), options.stride(), options.block(), progress);
            return BlockPlan.of(
                    input,
                    options.block(),
                    threads,
                    progress,
                    (head, grid) -> choose(input, grid, scores, head));
        }

        private BlockSet choose(AttentionInput input, BlockGrid grid, float[] scores, int head) {
            BlockTable table = BlockTable.ofHead(scores, head, grid.rows(), grid.cols());
            BlockSet set = BlockChooser.choose(table, grid, options);
            if (grid.causal()) {
                for (int row = 0; row < grid.rows(); row++) {
                    Blocks.addOwn(set, grid, input, row);
                }
            }
            return set;
        }

        @Override
        public void close() {
            estimate.close();
        }
    }
}
