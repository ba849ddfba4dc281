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
import org.headlight.analysis.sparse.select.CompressedKeys;
import org.headlight.analysis.sparse.select.EachItem;
import org.headlight.analysis.sparse.select.TilePacker;
import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.attend.Spans;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;

/**
 * The selection of InfLLM-V2 (MiniCPM4, 2025): for each query and key head, blocks by the attention
 * to means of short runs of keys, summed over the query heads that share the keys. The method adds
 * no weights, but its models are trained further with it.
 */
public final class InfllmV2 implements Policy {
    private static final int LONG = 16384;
    private static final PolicyInfo INFO =
            PolicyInfo.full(
                            "infllm-v2",
                            "InfLLM-V2 selection",
                            "MiniCPM team 2025, arXiv 2506.07900",
                            Phase.PREFILL,
                            Unit.BLOCK,
                            "Keeps, for each query and key head, the blocks whose short means it"
                                    + " looks at most; it is the selection of the method on a model"
                                    + " that was not trained with it.",
                            Parameter.whole(
                                    "blocks",
                                    "How many blocks each query keeps, forced ones counted (topk)",
                                    64,
                                    1,
                                    1 << 16),
                            Parameter.whole(
                                    "init", "How many of the first blocks are kept", 1, 0, 4096),
                            Parameter.whole(
                                    "window",
                                    "How many of the last keys are kept, in blocks",
                                    2048,
                                    0,
                                    1 << 20),
                            Parameter.whole("block", "How many keys make a block", 64, 4, 4096),
                            Parameter.whole("kernel", "How many keys make a mean", 32, 1, 4096),
                            Parameter.whole(
                                    "stride",
                                    "How many keys lie between the beginnings of means; divides the"
                                            + " block",
                                    16,
                                    1,
                                    4096))
                    .blindTo(Trait.BIAS, Trait.WINDOW);

    @Override
    public PolicyInfo info() {
        return INFO;
    }

    /** Means of 16 keys every 8, blocks of 32, a window of an 8th, below 16384 tokens. */
    @Override
    public Settings preset(int tokens) {
        Settings standard = Settings.standard(INFO);
        int window = tokens / 8;
        int forced = 2 + window / 32;
        return tokens < LONG
                ? standard.with("kernel", 16)
                        .with("stride", 8)
                        .with("block", 32)
                        .with("window", window)
                        .with("blocks", forced + Math.max(2, tokens / 256))
                : standard;
    }

    @Override
    public Planner start(Settings settings, PolicyRun run) {
        int block = settings.whole("block");
        int stride = settings.whole("stride");
        if (block % stride != 0) {
            throw new BadInputException(
                    "stride of infllm-v2 is "
                            + stride
                            + " and does not divide its block of "
                            + block
                            + "; choose one that does, such as "
                            + divisor(block)
                            + ".");
        }
        return (site, progress) -> new Plan.Selected(select(settings, site, run.sweep(), progress));
    }

    /** The largest divisor of a block that fits into a quarter of it. */
    private static int divisor(int block) {
        int divisor = Math.max(1, block / 4);
        while (block % divisor != 0) {
            divisor--;
        }
        return divisor;
    }

    private static Spans select(
            Settings settings, PolicySite site, SweepOptions sweep, Progress progress) {
        AttentionInput input = Causal.input(INFO, site);
        CompressedKeys compressed =
                new CompressedKeys(input, settings.whole("kernel"), settings.whole("stride"));
        int block = settings.whole("block");
        CompressedChoice choice =
                new CompressedChoice(
                        block,
                        settings.whole("init"),
                        settings.whole("window") / block,
                        settings.whole("blocks"));
        int group = site.heads() / site.keyHeads();
        int[][][] kept = new int[site.keyHeads()][site.queries()][];
        int tiles = Math.ceilDiv(site.queries(), TilePacker.LANES);
        EachItem.run(
                site.keyHeads() * tiles,
                sweep.threads(),
                progress,
                () -> {
                    CompressedChoice.Chooser chooser =
                            choice.new Chooser(compressed, compressed.tile(sweep.kernels()));
                    return item -> {
                        int keyHead = item / tiles;
                        chooser.choose(keyHead, item % tiles * TilePacker.LANES, kept[keyHead]);
                    };
                });
        int keys = input.k().rows();
        Spans.Builder spans = new Spans.Builder(site.heads(), site.queries(), 1);
        for (int head = 0; head < site.heads(); head++) {
            for (int row = 0; row < site.queries(); row++) {
                int end = Math.min(keys, row + Causal.offset(input) + 1);
                for (int b : kept[head / group][row]) {
                    spans.add(b * block, Math.min(end, (b + 1) * block));
                }
                spans.next();
            }
        }
        return spans.build();
    }
}
