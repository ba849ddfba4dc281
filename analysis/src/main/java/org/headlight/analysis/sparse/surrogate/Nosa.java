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

import java.util.Arrays;

/**
 * The two parts of NOSA (Huang et al. 2025) without its weights: some blocks are kept whatever the
 * query is, by a score of the keys alone, so that neighbouring steps share them; others by what the
 * query attends to. In place of the trained score stands the mean length of a block's values.
 */
public final class Nosa implements Policy {
    private static final PolicyInfo INFO =
            PolicyInfo.full(
                            "nosa",
                            "NOSA parts",
                            "after Huang et al. 2025, arXiv 2510.13602",
                            Phase.BOTH,
                            Unit.PAGE,
                            "Keeps some blocks by the length of their values, whatever the query,"
                                    + " others by the query, and a window; not NOSA, whose score of"
                                    + " keys is trained.",
                            Parameter.whole("block", "Keys of a block", 64, 1, 4096),
                            Parameter.whole(
                                    "aware", "Blocks by what a query attends to", 16, 0, 65_536),
                            Parameter.whole(
                                    "agnostic",
                                    "Blocks by the length of their values, whatever the query",
                                    48,
                                    0,
                                    65_536),
                            Parameter.whole("first", "First blocks, always kept", 1, 0, 1024),
                            Parameter.whole(
                                    "window",
                                    "Newest keys, always kept, the query's own counted",
                                    1024,
                                    1,
                                    1 << 20))
                    .asSurrogate();

    @Override
    public PolicyInfo info() {
        return INFO;
    }

    /** A quarter of the text in blocks and a sixteenth as window below 16384 tokens; ours. */
    @Override
    public Settings preset(int tokens) {
        int block = Math.clamp(tokens / 256, 4, 64);
        int aware = Math.clamp(tokens / 16 / block, 1, 16);
        return Settings.standard(INFO)
                .with("block", block)
                .with("aware", aware)
                .with("agnostic", 3 * aware)
                .with("window", Math.clamp(tokens / 16, 4, 1024));
    }

    @Override
    public Planner start(Settings settings, PolicyRun run) {
        return (site, progress) -> {
            Causal.check(INFO, site);
            return new Plan.Selected(
                    BlockLists.of(
                            site,
                            settings.whole("block"),
                            settings.whole("window"),
                            new Parts(settings, site)::blocks,
                            progress));
        };
    }

    /** Chooses blocks of one site. */
    private static final class Parts {
        private final int block;
        private final int aware;
        private final int agnostic;
        private final int first;
        private final Compressed compressed;
        private final double[] shares;
        private final double[][] lengths;

        Parts(Settings settings, PolicySite site) {
            block = settings.whole("block");
            aware = settings.whole("aware");
            agnostic = settings.whole("agnostic");
            first = settings.whole("first");
            compressed = new Compressed(site, block);
            shares = new double[compressed.blocks()];
            lengths = new double[site.keyHeads()][compressed.blocks()];
            for (int keyHead = 0; keyHead < lengths.length; keyHead++) {
                double[] norms = ValueNorms.of(site.whole().v(), keyHead, site.to());
                for (int key = 0; key < norms.length; key++) {
                    lengths[keyHead][key / block] += norms[key] / block;
                }
            }
        }

        int[] blocks(int keyHead, int position) {
            int own = position / block;
            int count = compressed.complete(position);
            boolean[] taken = new boolean[own + 1];
            taken[own] = true;
            for (int b = 0; b < Math.min(first, own); b++) {
                taken[b] = true;
            }
            take(lengths[keyHead].clone(), count, agnostic, taken);
            compressed.shares(keyHead, position, shares);
            take(shares, count, aware, taken);
            int[] list = new int[own + 1];
            int size = 0;
            for (int b = 0; b <= own; b++) {
                if (taken[b]) {
                    list[size++] = b;
                }
            }
            return Arrays.copyOf(list, size);
        }

        /** Takes the largest that are not taken yet. */
        private static void take(double[] scores, int count, int most, boolean[] taken) {
            int free = 0;
            for (int b = 0; b < count; b++) {
                scores[b] = taken[b] ? Double.NEGATIVE_INFINITY : scores[b];
                free += taken[b] ? 0 : 1;
            }
            for (int b : Best.of(scores, count, Math.min(free, most))) {
                taken[b] = true;
            }
        }
    }
}
