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
import org.headlight.analysis.sparse.Unit;
import org.headlight.analysis.sparse.select.Best;
import org.headlight.analysis.sparse.select.Causal;
import org.headlight.analysis.sparse.select.SiteMaps;
import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.attend.Selection;
import org.headlight.engine.attend.Spans;
import org.headlight.engine.sweep.Sweep;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;

import java.util.List;

/**
 * SEA (Lee et al. 2024) with an ideal predictor: where the method estimates a map of a fixed number
 * of columns by a trained network, the true map, averaged to as many columns, says which pieces of
 * the keys each query keeps. All heads of a layer share one budget.
 */
public final class Sea implements Policy {
    private static final PolicyInfo INFO =
            PolicyInfo.full(
                            "sea",
                            "SEA, ideal predictor",
                            "after Lee et al. 2024, arXiv 2310.01777",
                            Phase.BOTH,
                            Unit.TOKEN,
                            "Keeps the pieces that the true map, averaged to a fixed width, has"
                                + " most on: reads the dense map first, so it is no speed-up; not"
                                + " SEA, whose predictor is trained.",
                            Parameter.whole(
                                    "columns", "Columns of the small map (K)", 128, 1, 4096),
                            Parameter.whole(
                                    "keys", "Keys a query and head keeps (k)", 64, 1, 65_536))
                    .asSurrogate();

    @Override
    public PolicyInfo info() {
        return INFO;
    }

    /** An eighth of the text below 512 tokens; ours. */
    @Override
    public Settings preset(int tokens) {
        return Settings.standard(INFO).with("keys", Math.clamp(tokens / 8, 4, 64));
    }

    @Override
    public Planner start(Settings settings, PolicyRun run) {
        return (site, progress) -> {
            Causal.check(INFO, site);
            return new Plan.Selected(selection(settings, site, run.sweep(), progress));
        };
    }

    private static Selection selection(
            Settings settings, PolicySite site, SweepOptions sweep, Progress progress) {
        int columns = settings.whole("columns");
        int keys = settings.whole("keys");
        int heads = site.heads();
        int rows = site.queries();
        AttentionInput input = site.whole().part(site.from(), site.to(), site.to());
        SmallMap[] maps = new SmallMap[heads];
        for (int head = 0; head < heads; head++) {
            progress.check();
            maps[head] = new SmallMap(rows, site.from(), columns);
            Sweep.run(SiteMaps.map(input, head), List.of(maps[head]), sweep, progress.quiet());
        }
        boolean[][][] kept = new boolean[heads][rows][];
        for (int row = 0; row < rows; row++) {
            int length = site.from() + row + 1;
            int cells = Math.min(columns, length);
            double[] all = new double[heads * cells];
            for (int head = 0; head < heads; head++) {
                maps[head].copy(row, all, head * cells);
                kept[head][row] = new boolean[cells];
            }
            long each = Math.max(1, (long) keys * cells / length);
            for (int best : Best.of(all, all.length, (int) Math.min(all.length, heads * each))) {
                kept[best / cells][row][best % cells] = true;
            }
        }
        Spans.Builder spans = new Spans.Builder(heads, rows, 1);
        for (int head = 0; head < heads; head++) {
            for (int row = 0; row < rows; row++) {
                expand(kept[head][row], site.from() + row + 1, spans);
            }
        }
        return spans.build();
    }

    /** The keys that the kept cells of a query stand for, and its own. */
    private static void expand(boolean[] cells, int length, Spans.Builder spans) {
        for (int c = 0; c < cells.length; c++) {
            if (cells[c]) {
                spans.add(
                        SmallMap.edge(c, length, cells.length),
                        SmallMap.edge(c + 1, length, cells.length));
            }
        }
        if (!cells[cells.length - 1]) {
            spans.add(length - 1, length);
        }
        spans.next();
    }
}
