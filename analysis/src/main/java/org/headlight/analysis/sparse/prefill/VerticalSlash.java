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
import org.headlight.analysis.sparse.Unit;
import org.headlight.analysis.sparse.select.Best;
import org.headlight.analysis.sparse.select.Causal;
import org.headlight.analysis.sparse.select.EachHead;
import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.attend.Spans;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;

import java.util.Arrays;

/**
 * Vertical-slash of MInference (Jiang et al. 2024): the keys and the distances that the last 64
 * queries look at most are kept for all queries of a head, read as its kernel does. The mask of an
 * early query so depends on later tokens.
 */
public final class VerticalSlash implements Policy {
    private static final PolicyInfo INFO =
            PolicyInfo.full(
                    "vertical-slash",
                    "Vertical-slash",
                    "Jiang et al. 2024, arXiv 2407.02490",
                    Phase.PREFILL,
                    Unit.COLUMN,
                    "Keeps the keys and the distances that the last queries look at most, for all"
                            + " queries; it is the method itself, but the last queries choose for"
                            + " earlier ones.",
                    Parameter.whole(
                            "verticals",
                            "How many keys are kept for every query (n_v)",
                            1000,
                            1,
                            1 << 20),
                    Parameter.whole(
                            "slashes",
                            "How many distances back are kept for every query (n_s); each is read"
                                    + " as a window of 64 keys",
                            6096,
                            1,
                            1 << 20),
                    Parameter.whole(
                            "last", "How many of the last queries choose (last_q)", 64, 1, 4096),
                    Parameter.whole(
                            "sinks",
                            "How many of the first keys are always among the kept ones",
                            30,
                            0,
                            1 << 20),
                    Parameter.whole(
                            "near",
                            "How many of the smallest distances are always among the kept ones, as"
                                    + " far as there is room",
                            100,
                            1,
                            1 << 20));

    @Override
    public PolicyInfo info() {
        return INFO;
    }

    /** A 40th of the keys and an 8th of the distances, up to the paper's 1000 and 6096. */
    @Override
    public Settings preset(int tokens) {
        return Settings.standard(INFO)
                .with("verticals", Math.clamp(tokens / 40, 4, 1000))
                .with("slashes", Math.clamp(tokens / 8, 16, 6096))
                .with("sinks", Math.clamp(tokens / 64, 4, 30))
                .with("near", Math.clamp(tokens / 16, 16, 100));
    }

    @Override
    public Planner start(Settings settings, PolicyRun run) {
        return (site, progress) -> new Plan.Selected(select(settings, site, run.sweep(), progress));
    }

    private static Spans select(
            Settings settings, PolicySite site, SweepOptions sweep, Progress progress) {
        AttentionInput input = Causal.input(INFO, site);
        SlashWindows[] windows = new SlashWindows[site.heads()];
        EachHead.run(
                site.heads(),
                sweep.threads(),
                progress,
                head -> windows[head] = choose(settings, input, head, sweep, progress));
        int keys = input.k().rows();
        int width = SlashWindows.WIDTH;
        Spans.Builder spans = new Spans.Builder(site.heads(), site.queries(), width);
        for (int head = 0; head < site.heads(); head++) {
            for (int row = 0; row < site.queries(); row += width) {
                windows[head].add(row + Causal.offset(input) + width, keys, spans);
            }
        }
        return spans.build();
    }

    /** The columns and slashes of a head. */
    static SlashWindows choose(
            Settings settings,
            AttentionInput input,
            int head,
            SweepOptions sweep,
            Progress progress) {
        int keys = input.k().rows();
        LastQueries last = new LastQueries(input, head, settings.whole("last"), sweep, progress);
        int sinks = Math.min(keys, settings.whole("sinks"));
        double[] columns = last.columns();
        Arrays.fill(columns, 0, sinks, Double.POSITIVE_INFINITY);
        int near = Math.min(keys, settings.whole("near"));
        double[] distances = last.distances();
        Arrays.fill(distances, 0, near, Double.POSITIVE_INFINITY);
        int verticals = Math.max(settings.whole("verticals"), sinks);
        int slashes = Math.max(settings.whole("slashes"), Math.ceilDiv(near, 2));
        return new SlashWindows(
                Best.of(columns, keys, verticals), Best.of(distances, keys, slashes));
    }
}
