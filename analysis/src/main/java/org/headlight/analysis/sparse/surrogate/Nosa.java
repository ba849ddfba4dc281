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
import org.headlight.analysis.sparse.select.Picker;
import org.headlight.analysis.sparse.select.TilePacker;

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
                    .asSurrogate()
                    .blindTo(Trait.BIAS, Trait.WINDOW);

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
            double[][] lengths = lengths(site, settings.whole("block"));
            return new Plan.Selected(
                    BlockLists.of(
                            site,
                            settings.whole("block"),
                            settings.whole("window"),
                            () -> new Parts(settings, lengths),
                            run.sweep(),
                            progress));
        };
    }

    /** The mean length of the values of each block, for each key head. */
    private static double[][] lengths(PolicySite site, int block) {
        double[][] lengths = new double[site.keyHeads()][Math.ceilDiv(site.to(), block)];
        for (int keyHead = 0; keyHead < lengths.length; keyHead++) {
            double[] norms = ValueNorms.of(site.whole().v(), keyHead, site.to());
            for (int key = 0; key < norms.length; key++) {
                lengths[keyHead][key / block] += norms[key] / block;
            }
        }
        return lengths;
    }

    /** Chooses blocks on one thread. */
    private static final class Parts implements BlockLists.Choice {
        private final int block;
        private final int aware;
        private final int agnostic;
        private final int first;
        private final double[][] lengths;
        private final double[] scores;
        private final int[] picked;
        private final boolean[] fixed;
        private final Picker picker = new Picker();

        /** The query whose blocks by length, with the first and its own, are at hand. */
        private int fixedHead = -1;

        private int fixedCount;
        private int fixedOwn;

        Parts(Settings settings, double[][] lengths) {
            block = settings.whole("block");
            aware = settings.whole("aware");
            agnostic = settings.whole("agnostic");
            first = settings.whole("first");
            this.lengths = lengths;
            scores = new double[lengths[0].length];
            picked = new int[scores.length];
            fixed = new boolean[scores.length];
        }

        @Override
        public int blocks(int keyHead, int position, float[] shares, int at, int[] target) {
            int own = position / block;
            int count = (position + 1) / block;
            if (keyHead != fixedHead || count != fixedCount || own != fixedOwn) {
                fixedHead = keyHead;
                fixedCount = count;
                fixedOwn = own;
                fix(lengths[keyHead]);
            }
            int free = 0;
            for (int b = 0; b < count; b++) {
                scores[b] = fixed[b] ? Double.NEGATIVE_INFINITY : shares[at + b * TilePacker.LANES];
                free += fixed[b] ? 0 : 1;
            }
            int more = picker.pick(scores, count, Math.min(free, aware), picked);
            int size = 0;
            int next = 0;
            for (int b = 0; b <= own; b++) {
                boolean taken = next < more && picked[next] == b;
                next += taken ? 1 : 0;
                if (taken || fixed[b]) {
                    target[size++] = b;
                }
            }
            return size;
        }

        /** What is kept whatever the query is: the first blocks, its own, the longest. */
        private void fix(double[] length) {
            Arrays.fill(fixed, false);
            fixed[fixedOwn] = true;
            Arrays.fill(fixed, 0, Math.min(first, fixedOwn), true);
            int free = 0;
            for (int b = 0; b < fixedCount; b++) {
                scores[b] = fixed[b] ? Double.NEGATIVE_INFINITY : length[b];
                free += fixed[b] ? 0 : 1;
            }
            int more = picker.pick(scores, fixedCount, Math.min(free, agnostic), picked);
            for (int i = 0; i < more; i++) {
                fixed[picked[i]] = true;
            }
        }
    }
}
