package org.headlight.analysis.sparse.position;

import org.headlight.analysis.sparse.Phase;
import org.headlight.analysis.sparse.Plan;
import org.headlight.analysis.sparse.PolicyInfo;
import org.headlight.analysis.sparse.PolicySite;
import org.headlight.analysis.sparse.Rotary;
import org.headlight.analysis.sparse.Settings;
import org.headlight.analysis.sparse.select.Best;
import org.headlight.analysis.sparse.select.Causal;
import org.headlight.analysis.sparse.select.ColumnSums;
import org.headlight.analysis.sparse.select.Rows;
import org.headlight.analysis.sparse.select.SiteMaps;
import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.attend.HeadArray;
import org.headlight.engine.attend.Selection;
import org.headlight.engine.attend.Spans;
import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;

import java.util.Arrays;
import java.util.Optional;

/** The units that InfLLM chooses at one site. */
final class InfLlmChoice {
    private final PolicySite site;
    private final Rotary rotary;
    private final SweepOptions sweep;
    private final Progress progress;
    private final int init;
    private final int local;
    private final int unit;
    private final int most;
    private final int represent;
    private final int block;

    InfLlmChoice(
            Settings settings,
            PolicySite site,
            Rotary rotary,
            SweepOptions sweep,
            Progress progress) {
        this.site = site;
        this.rotary = rotary;
        this.sweep = sweep;
        this.progress = progress;
        this.init = settings.whole("init");
        this.local = settings.whole("local");
        this.unit = settings.whole("unit");
        this.most = settings.whole("topk");
        this.represent = settings.whole("represent");
        this.block = site.phase() == Phase.DECODE ? 1 : settings.whole("block");
    }

    Plan plan(PolicyInfo info) {
        Causal.check(info, site);
        int[][] chosen = chosen();
        NearAndFar work =
                new NearAndFar(
                        site.from(),
                        local,
                        far(chosen),
                        site.to(),
                        rotary,
                        position -> local,
                        position -> 0);
        return new Plan.Computed(work, Optional.of(kept(chosen)));
    }

    /** How many units have left the window before a block of queries begins. */
    private int stored(int position) {
        return Math.max(0, (position - local - init) / unit);
    }

    private int blocks() {
        return Math.ceilDiv(site.queries(), block);
    }

    private int start(int blockIndex) {
        return site.from() + blockIndex * block;
    }

    /** The units of each block of queries, rising. */
    private int[][] chosen() {
        int units = stored(start(blocks() - 1));
        int[][] chosen = new int[blocks()][];
        if (units <= most) {
            Arrays.setAll(chosen, b -> all(stored(start(b))));
            return chosen;
        }
        HeadArray[] stand = new HeadArray[site.heads()];
        for (int head = 0; head < stand.length; head++) {
            progress.check();
            stand[head] = representatives(head, units);
        }
        AttentionInput input = Positions.upTo(site);
        HeadArray far =
                rotary.turned(input.q(), Positions.shifts(site.from(), site.queries(), p -> local));
        double[] scores = new double[units];
        for (int b = 0; b < chosen.length; b++) {
            int count = stored(start(b));
            if (count <= most) {
                chosen[b] = all(count);
                continue;
            }
            Arrays.fill(scores, 0);
            for (int head = 0; head < stand.length; head++) {
                float[] mean = mean(far, head, b * block);
                for (int u = 0; u < count; u++) {
                    HeadArray keys = stand[head];
                    scores[u] += Rows.dot(mean, 0, keys.values(), keys.at(0, u), mean.length);
                }
            }
            chosen[b] = Best.of(scores, count, most);
        }
        return chosen;
    }

    private static int[] all(int count) {
        int[] list = new int[count];
        Arrays.setAll(list, i -> i);
        return list;
    }

    private float[] mean(HeadArray rows, int head, int from) {
        int to = Math.min(rows.rows(), from + block);
        float[] mean = new float[rows.width()];
        for (int row = from; row < to; row++) {
            for (int d = 0; d < mean.length; d++) {
                mean[d] += rows.values()[rows.at(head, row) + d] / (to - from);
            }
        }
        return mean;
    }

    /**
     * Means of the un-turned keys of each unit that received most while in the window, [1, U, D].
     */
    private HeadArray representatives(int head, int units) {
        AttentionInput text = site.whole().part(0, site.to(), site.to());
        QkHead map = SiteMaps.map(text, head);
        QkHead near =
                new QkHead(
                        map.q(),
                        map.k(),
                        null,
                        map.scale(),
                        new Near(map.mask(), local),
                        map.softcap(),
                        map.sink());
        double[] received = ColumnSums.of(near, near.rows(), sweep, progress.quiet());
        int width = text.k().width();
        float[] means = new float[units * width];
        float[] key = new float[width];
        for (int u = 0; u < units; u++) {
            int from = init + u * unit;
            double[] own = Arrays.copyOfRange(received, from, from + unit);
            int[] best = Best.of(own, unit, represent);
            for (int index : best) {
                int at = text.k().at(text.keyHead(head), from + index);
                rotary.turn(text.k().values(), at, -(from + index), key, 0);
                for (int d = 0; d < width; d++) {
                    means[u * width + d] += key[d] / best.length;
                }
            }
        }
        return HeadArray.headsFirst(means, 1, units, width);
    }

    /** What is before the window: of a block of queries, cut off by the mask for each. */
    private Selection far(int[][] chosen) {
        Spans.Builder spans = new Spans.Builder(site.heads(), site.queries(), block);
        for (int head = 0; head < site.heads(); head++) {
            for (int b = 0; b < chosen.length; b++) {
                int last = Math.min(start(b) + block, site.to()) - local;
                spans.add(0, Math.min(init, last));
                for (int u : chosen[b]) {
                    spans.add(init + u * unit, init + (u + 1) * unit);
                }
                spans.add(init + stored(start(b)) * unit, last);
                spans.next();
            }
        }
        return spans.build();
    }

    private Selection kept(int[][] chosen) {
        Spans.Builder spans = new Spans.Builder(site.heads(), site.queries(), 1);
        for (int head = 0; head < site.heads(); head++) {
            for (int row = 0; row < site.queries(); row++) {
                int own = site.from() + row;
                int b = row / block;
                spans.add(0, Math.min(init, own + 1));
                for (int u : chosen[b]) {
                    spans.add(init + u * unit, init + (u + 1) * unit);
                }
                spans.add(Math.min(init + stored(start(b)) * unit, own + 1), own + 1);
                spans.next();
            }
        }
        return spans.build();
    }

    /**
     * A mask narrowed to a window.
     *
     * @param all what a query may see
     * @param window how many of the newest keys, its own counted
     */
    private record Near(AttentionMask all, int window) implements AttentionMask {
        @Override
        public int firstKey(int row) {
            return Math.max(all.firstKey(row), row + 1 - window);
        }

        @Override
        public int endKey(int row) {
            return all.endKey(row);
        }

        @Override
        public boolean unbiased() {
            return all.unbiased();
        }

        @Override
        public float bias(int row, int col) {
            return col < firstKey(row) ? MASKED : all.bias(row, col);
        }

        @Override
        public boolean causal() {
            return all.causal();
        }
    }
}
