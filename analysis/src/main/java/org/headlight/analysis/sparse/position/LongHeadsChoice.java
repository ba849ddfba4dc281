package org.headlight.analysis.sparse.position;

import org.headlight.analysis.sparse.Plan;
import org.headlight.analysis.sparse.PolicyInfo;
import org.headlight.analysis.sparse.PolicySite;
import org.headlight.analysis.sparse.Rotary;
import org.headlight.analysis.sparse.select.Causal;
import org.headlight.analysis.sparse.select.ColumnSums;
import org.headlight.analysis.sparse.select.EachHead;
import org.headlight.analysis.sparse.select.Picker;
import org.headlight.analysis.sparse.select.Rows;
import org.headlight.analysis.sparse.select.SiteMaps;
import org.headlight.analysis.sparse.select.TilePacker;
import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.attend.AttentionOutput;
import org.headlight.engine.attend.HeadArray;
import org.headlight.engine.attend.LogSumExp;
import org.headlight.engine.attend.Selection;
import org.headlight.engine.attend.Spans;
import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.cut.SiteAttend;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.IntPredicate;

/** The chunks that LongHeads chooses at one site, and attention over them. */
final class LongHeadsChoice implements Plan.Work {
    private final PolicySite site;
    private final Rotary rotary;
    private final int chunk;
    private final int most;
    private final SweepOptions sweep;
    private final Progress progress;

    /** Chunks of each query head's queries, rising, the own one last, [H][N]. */
    private final int[][][] chosen;

    /**
     * @param chunk tokens of a chunk
     * @param most chunks of a query, its own counted, at least 3
     */
    LongHeadsChoice(
            PolicySite site,
            Rotary rotary,
            int chunk,
            int most,
            SweepOptions sweep,
            Progress progress) {
        this.site = site;
        this.rotary = rotary;
        this.chunk = chunk;
        this.most = most;
        this.sweep = sweep;
        this.progress = progress;
        this.chosen = new int[site.heads()][site.queries()][];
    }

    Plan plan(PolicyInfo info) {
        Causal.check(info, site);
        if (site.whole().v().width() != site.whole().k().width()) {
            throw new BadInputException(
                    info.title()
                            + " compares values with keys, and those of layer "
                            + site.layer()
                            + " have "
                            + site.whole().v().width()
                            + " and "
                            + site.whole().k().width()
                            + " numbers; it works where they have as many.");
        }
        int chunks = (site.to() - 1) / chunk + 1;
        if (chunks > most) {
            choose(chunks);
        } else {
            EachHead.run(chosen.length, sweep.threads(), progress, head -> everything(head));
        }
        return new Plan.Computed(this, Optional.of(selection(0, gap -> true)));
    }

    /** Every chunk up to its own for the first queries, until there are too many. */
    private void everything(int head) {
        int[][] own = chosen[head];
        for (int row = 0; row < own.length; row++) {
            int last = (site.from() + row) / chunk;
            if (last >= most) {
                return;
            }
            own[row] = new int[last + 1];
            Arrays.setAll(own[row], c -> c);
        }
    }

    private void choose(int chunks) {
        AttentionInput text = site.whole();
        int whole = (chunks - 1) * chunk;
        int[] back = Positions.shifts(0, whole, position -> position % chunk);
        HeadArray local = rotary.turned(text.k().rows(0, whole), back);
        int[] unturned = Positions.shifts(site.from(), site.queries(), position -> 0);
        HeadArray queries = rotary.turned(text.q().rows(site.from(), site.to()), unturned);
        EachHead.run(
                chosen.length,
                sweep.threads(),
                progress,
                head -> {
                    everything(head);
                    choose(head, queries, chunkKeys(head, local));
                });
    }

    private void choose(int head, HeadArray queries, HeadArray keys) {
        int[][] own = chosen[head];
        TilePacker tile = new TilePacker(sweep.kernels(), queries.width());
        Picker picker = new Picker();
        float[] scores = new float[keys.rows() * TilePacker.LANES];
        int[] best = new int[keys.rows()];
        int first = Math.max(0, most * chunk - site.from());
        for (int row0 = first; row0 < own.length; row0 += TilePacker.LANES) {
            progress.check();
            int end = Math.min(own.length, row0 + TilePacker.LANES);
            tile.pack(queries, head, row0, end, 1);
            for (int key = 0; key < keys.rows(); key += TilePacker.KEYS) {
                int to = Math.min(keys.rows(), key + TilePacker.KEYS);
                float[] some = tile.scores(keys, 0, key, to);
                System.arraycopy(
                        some, 0, scores, key * TilePacker.LANES, (to - key) * TilePacker.LANES);
            }
            for (int row = row0; row < end; row++) {
                int last = (site.from() + row) / chunk;
                // Between the first chunk and the one before the last.
                int at = TilePacker.LANES + row - row0;
                int count = picker.pick(scores, at, TilePacker.LANES, last - 2, most - 3, best);
                int[] list = new int[most];
                for (int i = 0; i < count; i++) {
                    list[i + 1] = best[i] + 1;
                }
                list[most - 2] = last - 1;
                list[most - 1] = last;
                own[row] = list;
            }
        }
    }

    /**
     * Each whole chunk's key: its tokens' keys, weighed by how they fit the chunk's feature.
     *
     * @param local keys of the whole chunks, turned to their places in their chunks
     */
    private HeadArray chunkKeys(int head, HeadArray local) {
        int chunks = local.rows() / chunk;
        AttentionInput text = site.whole().part(0, local.rows(), local.rows());
        QkHead map = SiteMaps.map(text, head);
        QkHead inside =
                new QkHead(
                        map.q(),
                        map.k(),
                        null,
                        map.scale(),
                        new Inside(chunk),
                        map.softcap(),
                        map.sink());
        double[] received =
                ColumnSums.of(inside, inside.rows(), sweep.withThreads(1), progress.quiet());
        int width = local.width();
        float[] result = new float[chunks * width];
        float[] feature = new float[width];
        double[] weights = new double[chunk];
        int keyHead = text.keyHead(head);
        for (int c = 0; c < chunks; c++) {
            Arrays.fill(feature, 0);
            for (int i = 0; i < chunk; i++) {
                int at = text.v().at(keyHead, c * chunk + i);
                float share = (float) (received[c * chunk + i] / chunk);
                for (int d = 0; d < width; d++) {
                    feature[d] += share * text.v().values()[at + d];
                }
            }
            for (int i = 0; i < chunk; i++) {
                int at = local.at(keyHead, c * chunk + i);
                weights[i] =
                        (double) Rows.dot(feature, 0, local.values(), at, width) * text.scale();
            }
            Rows.soften(weights, chunk, Double.NEGATIVE_INFINITY);
            for (int i = 0; i < chunk; i++) {
                int at = local.at(keyHead, c * chunk + i);
                for (int d = 0; d < width; d++) {
                    result[c * width + d] += (float) weights[i] * local.values()[at + d];
                }
            }
        }
        return HeadArray.headsFirst(result, 1, chunks, width);
    }

    /** By how many chunks the chunk of a rank comes nearer. */
    private static int gap(int[] list, int rank) {
        int last = list.length - 1;
        return list[last] - list[rank] - (last - rank);
    }

    /** The chunks whose gap is asked for of queries from a row on, cut off at their own keys. */
    private Selection selection(int row0, IntPredicate gaps) {
        Spans.Builder spans = new Spans.Builder(site.heads(), site.queries() - row0, 1);
        for (int[][] head : chosen) {
            for (int row = row0; row < head.length; row++) {
                int end = site.from() + row + 1;
                for (int rank = 0; rank < head[row].length; rank++) {
                    if (gaps.test(gap(head[row], rank))) {
                        int from = head[row][rank] * chunk;
                        spans.add(from, Math.min(from + chunk, end));
                    }
                }
                spans.next();
            }
        }
        return spans.build();
    }

    private boolean[] gaps() {
        boolean[] present = new boolean[site.to() / chunk + 1];
        for (int[][] head : chosen) {
            for (int[] list : head) {
                for (int rank = 0; rank < list.length; rank++) {
                    present[gap(list, rank)] = true;
                }
            }
        }
        return present;
    }

    /** One part for each gap: within it all distances shrink alike. */
    @Override
    public void attend(
            AttentionInput input, SiteAttend kernels, AttentionOutput output, Progress ignored) {
        int rows = site.queries();
        boolean[] present = gaps();
        // Every query keeps its own chunk, at gap 0.
        kernels.attend(input, selection(0, gap -> gap == 0), output);
        float[] none = new float[site.heads()];
        Arrays.fill(none, Float.NEGATIVE_INFINITY);
        for (int gap = 1; gap < present.length; gap++) {
            if (present[gap]) {
                int moved = gap;
                // Earlier queries have not left out as many chunks.
                int row0 = Math.max(0, (most - 1 + gap) * chunk - site.from());
                int[] shifts = new int[rows - row0];
                Arrays.fill(shifts, -moved * chunk);
                AttentionInput some = input.part(row0, rows, input.k().rows());
                AttentionOutput part =
                        AttentionOutput.allocate(site.heads(), rows - row0, input.v().width());
                HeadArray q = rotary.turned(some.q(), shifts);
                AttentionInput nearer = some.with(q, some.k(), some.v()).withSinks(none);
                kernels.attend(nearer, selection(row0, g -> g == moved), part);
                LogSumExp.merge(part, output, row0);
            }
        }
    }

    /**
     * Every token of a chunk sees every token of it.
     *
     * @param chunk tokens of a chunk; all chunks are whole
     */
    private record Inside(int chunk) implements AttentionMask {
        @Override
        public int firstKey(int row) {
            return row / chunk * chunk;
        }

        @Override
        public int endKey(int row) {
            return firstKey(row) + chunk;
        }

        @Override
        public boolean unbiased() {
            return true;
        }

        @Override
        public float bias(int row, int col) {
            return col >= firstKey(row) && col < endKey(row) ? 0 : MASKED;
        }

        @Override
        public boolean causal() {
            return false;
        }
    }
}
