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

import java.util.List;

/**
 * HiP attention (Lee et al. 2024 and 2025, "InfiniteHiP"): for each 64 queries, chunks of keys are
 * searched by halving, in three stages of smaller and smaller chunks; the best of all heads
 * together remain, besides the first keys and a window.
 */
public final class HipAttention implements Policy {
    private static final int LONG = 16384;
    private static final PolicyInfo INFO =
            PolicyInfo.full(
                            "hip",
                            "HiP attention",
                            "Lee et al. 2025, arXiv 2502.08910",
                            Phase.PREFILL,
                            Unit.BLOCK,
                            "Keeps the first keys, a window, and small chunks of keys found by"
                                + " halving larger ones, the same for all heads of a layer; it is"
                                + " the method itself without its extension of the context.",
                            Parameter.whole(
                                    "keep",
                                    "How many keys are kept of those searched",
                                    2048,
                                    1,
                                    1 << 20),
                            Parameter.whole(
                                    "sink", "How many of the first keys are kept", 256, 0, 1 << 20),
                            Parameter.whole(
                                    "window",
                                    "How many of the last keys are kept",
                                    1024,
                                    1,
                                    1 << 20),
                            Parameter.choice(
                                    "chunks",
                                    "How many keys a chunk has in each of the three stages",
                                    "256/32/8",
                                    "64/16/4"),
                            Parameter.whole(
                                    "first",
                                    "How many keys remain after the first stage",
                                    32768,
                                    1,
                                    1 << 24),
                            Parameter.whole(
                                    "second",
                                    "How many keys remain after the second stage",
                                    8192,
                                    1,
                                    1 << 24))
                    .blindTo(Trait.BIAS, Trait.WINDOW);

    @Override
    public PolicyInfo info() {
        return INFO;
    }

    /** Chunks of 64, 16 and 4 below 16384 tokens, a 16th kept and as much as window. */
    @Override
    public Settings preset(int tokens) {
        Settings standard = Settings.standard(INFO);
        return tokens < LONG
                ? standard.parsed("chunks", "64/16/4")
                        .with("keep", Math.max(16, tokens / 16))
                        .with("sink", Math.clamp(tokens / 64, 4, 256))
                        .with("window", Math.max(16, tokens / 16))
                        .with("first", Math.max(64, tokens / 4))
                        .with("second", Math.max(32, tokens / 8))
                : standard;
    }

    @Override
    public Planner start(Settings settings, PolicyRun run) {
        return (site, progress) -> new Plan.Selected(select(settings, site, run.sweep(), progress));
    }

    private static List<HipSearch.Stage> stages(Settings settings) {
        int[] chunks = new int[3];
        String[] words = settings.choice("chunks").split("/", -1);
        for (int i = 0; i < chunks.length; i++) {
            chunks[i] = Integer.parseInt(words[i]);
        }
        return List.of(
                new HipSearch.Stage(chunks[0], 4, settings.whole("first")),
                new HipSearch.Stage(chunks[1], 4, settings.whole("second")),
                new HipSearch.Stage(chunks[2], 1, settings.whole("keep")));
    }

    private static Spans select(
            Settings settings, PolicySite site, SweepOptions sweep, Progress progress) {
        AttentionInput input = Causal.input(INFO, site);
        List<HipSearch.Stage> stages = stages(settings);
        int sink = settings.whole("sink");
        int window = settings.whole("window");
        int blocks = Math.ceilDiv(site.queries(), HipSearch.QUERIES);
        int[][] found = new int[blocks][];
        EachHead.run(
                blocks,
                sweep.threads(),
                progress,
                block ->
                        found[block] =
                                new HipSearch(input, block, sweep.kernels())
                                        .run(stages, sink, window));
        int chunk = stages.getLast().chunk();
        int keys = input.k().rows();
        Spans.Builder spans = new Spans.Builder(site.heads(), site.queries(), HipSearch.QUERIES);
        for (int head = 0; head < site.heads(); head++) {
            for (int block = 0; block < blocks; block++) {
                int first = block * HipSearch.QUERIES + Causal.offset(input);
                int near = Math.max(0, first - window + 1);
                spans.add(0, Math.min(sink, keys));
                for (int start : found[block]) {
                    if (start < near) {
                        spans.add(start, Math.min(start + chunk, keys));
                    }
                }
                spans.add(near, Math.min(keys, first + HipSearch.QUERIES)).next();
            }
        }
        return spans.build();
    }
}
