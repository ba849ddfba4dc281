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
import org.headlight.engine.attend.Spans;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;

import java.util.BitSet;

/**
 * AnchorAttention (Zhang et al. 2025, difference-aware stripes): single keys whose score for the
 * mean query of a block comes near the largest score of the anchor region, kept for a group of
 * blocks.
 */
public final class AnchorAttention implements Policy {
    private static final int LONG = 16384;
    private static final PolicyInfo INFO =
            PolicyInfo.full(
                            "anchor",
                            "AnchorAttention (Zhang)",
                            "Zhang et al. 2025, arXiv 2505.23520",
                            Phase.PREFILL,
                            Unit.COLUMN,
                            "Keeps the first block, the own group and the block before it, and"
                                + " single keys whose score comes near the largest of those; it is"
                                + " the method itself, and later queries of a group choose for"
                                + " earlier ones.",
                            Parameter.real(
                                    "theta",
                                    "How far a key's score may lie below the anchor (theta), in"
                                            + " logits; not used where a recall is asked for",
                                    12,
                                    0,
                                    100),
                            Parameter.real(
                                    "recall",
                                    "Share of the attention that theta is chosen for in each head,"
                                            + " by 64 sampled queries; 0 to use theta as it is",
                                    0,
                                    0,
                                    1),
                            Parameter.whole(
                                    "step",
                                    "How many blocks of queries share their keys",
                                    16,
                                    1,
                                    256),
                            BlockSizes.usual())
                    .blindTo(Trait.BIAS, Trait.WINDOW);

    @Override
    public PolicyInfo info() {
        return INFO;
    }

    /** Groups of four blocks of 64, theta for a recall of 0.9, below 16384 tokens. */
    @Override
    public Settings preset(int tokens) {
        Settings standard = Settings.standard(INFO);
        return tokens < LONG
                ? standard.parsed("block", "64").with("step", 4).with("recall", 0.9)
                : standard;
    }

    @Override
    public Planner start(Settings settings, PolicyRun run) {
        return (site, progress) -> new Plan.Selected(select(settings, site, run.sweep(), progress));
    }

    private static Spans select(
            Settings settings, PolicySite site, SweepOptions sweep, Progress progress) {
        AttentionInput input = Causal.input(INFO, site);
        AnchorMargins margins =
                new AnchorMargins(
                        input, BlockSizes.of(settings), settings.whole("step"), sweep.kernels());
        BitSet[][] columns = new BitSet[site.heads()][];
        EachHead.run(
                site.heads(),
                sweep.threads(),
                progress,
                head -> columns[head] = choose(settings, input, margins, head));
        int group = margins.group();
        Spans.Builder spans = new Spans.Builder(site.heads(), site.queries(), group);
        for (int head = 0; head < site.heads(); head++) {
            for (int list = 0; list * group < site.queries(); list++) {
                add(margins, columns[head], list, input, spans);
            }
        }
        return spans.build();
    }

    private static BitSet[] choose(
            Settings settings, AttentionInput input, AnchorMargins margins, int head) {
        float[][] own = margins.of(head);
        double recall = settings.real("recall");
        double theta =
                recall > 0
                        ? new AnchorRecall(input, head, margins).theta(own, recall)
                        : settings.real("theta");
        BitSet[] chosen = new BitSet[own.length];
        for (int list = 0; list < own.length; list++) {
            chosen[list] = new BitSet();
            for (int i = 0; i < own[list].length; i++) {
                if (own[list][i] <= theta) {
                    chosen[list].set(margins.block() + i);
                }
            }
        }
        return chosen;
    }

    private static void add(
            AnchorMargins margins,
            BitSet[] chosen,
            int list,
            AttentionInput input,
            Spans.Builder spans) {
        int keys = input.k().rows();
        if (list >= margins.groups()) {
            spans.add(0, keys).next();
            return;
        }
        int start = margins.start(list);
        spans.add(0, Math.min(keys, margins.block()));
        BitSet own = chosen[list];
        for (int from = own.nextSetBit(0); from >= 0; ) {
            int to = own.nextClearBit(from);
            spans.add(from, to);
            from = own.nextSetBit(to);
        }
        int near = Math.max(0, start - margins.block());
        spans.add(near, Math.min(keys, start + margins.group())).next();
    }
}
