package org.headlight.analysis.heads.pattern;

import org.headlight.analysis.heads.MapSums;
import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.kernel.AttentionKernels;
import org.headlight.engine.sweep.RowBlock;
import org.headlight.engine.sweep.SweepConsumer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What the candidates of a pattern search keep, exactly, out of one sweep: the sums over columns
 * and diagonals say what lines keep, less what lies on two lines, which is added up here; so are
 * the chosen blocks.
 */
public final class PatternConsumer implements SweepConsumer {
    private static final int LANES = RowBlock.LANES;

    /** Reading a diagonal costs so many times what reading a column does. */
    private static final int MANY = 8;

    private final PatternSettings settings;
    private final int fromRow;
    private final int offset;
    private final int rows;
    private final int keys;
    private final List<Crossing> crossings = new ArrayList<>();
    private final List<PatternCandidate> candidates = new ArrayList<>();
    private final List<Chosen> blocks = new ArrayList<>();
    private final List<Totals> workers = new ArrayList<>();

    /** Where the lines of a candidate cross. */
    private static final class Crossing {
        private final int candidate;

        /** The keys that are lines, in order. */
        private final int[] keys;

        /** 1 for each key that is a line. */
        private final float[] vertical;

        /** 1 for each distance that is a line. */
        private final float[] flags;

        /** The distances that are lines, in order. */
        private final int[] back;

        /** The same after 64 zeros, and before as many. */
        private final float[] distances;

        Crossing(int candidate, float[] vertical, float[] slash) {
            this.candidate = candidate;
            this.vertical = vertical;
            this.keys = lines(vertical);
            this.back = lines(slash);
            this.flags = slash;
            this.distances = new float[slash.length + 2 * LANES];
            System.arraycopy(slash, 0, distances, LANES, slash.length);
        }

        private static int[] lines(float[] flags) {
            int[] lines = new int[flags.length];
            int count = 0;
            for (int i = 0; i < flags.length; i++) {
                if (flags[i] > 0) {
                    lines[count++] = i;
                }
            }
            return Arrays.copyOf(lines, count);
        }
    }

    /** The blocks of a candidate. */
    private record Chosen(int candidate, int block, PooledBlocks pooled) {}

    /**
     * Prepares the search for a head: reads its last rows.
     *
     * @param kernels what computes the last rows
     */
    public PatternConsumer(HeadAttention head, PatternSettings settings, AttentionKernels kernels) {
        this.settings = settings;
        this.fromRow = settings.fromRow();
        this.rows = head.rows();
        this.keys = head.cols();
        this.offset = keys - rows;
        VerticalSlash lines = VerticalSlash.of(head, settings.lastQueries(), kernels);
        for (PatternCandidate candidate : settings.candidates()) {
            int index = candidates.size();
            switch (candidate) {
                case PatternCandidate.AShape a -> {
                    crossings.add(aShape(index, a));
                    candidates.add(candidate);
                }
                case PatternCandidate.Lines l -> {
                    float[] vertical = lines.topKeys(l.verticals(), settings.forced());
                    float[] slash = lines.topDistances(l.slashes(), settings.forced());
                    crossings.add(new Crossing(index, vertical, slash));
                    candidates.add(candidate);
                }
                case PatternCandidate.Blocks b -> {
                    if (head instanceof QkHead qk && LANES % b.block() == 0) {
                        PooledBlocks pooled = new PooledBlocks(qk, b.block(), b.ratio());
                        blocks.add(new Chosen(index, b.block(), pooled));
                        candidates.add(candidate);
                    }
                }
            }
        }
    }

    /** First row that counts: the late rows of {@link MapSums}. */
    public int fromRow() {
        return fromRow;
    }

    private Crossing aShape(int index, PatternCandidate.AShape shape) {
        float[] first = new float[keys];
        Arrays.fill(first, 0, Math.min(keys, shape.first()), 1);
        float[] window = new float[keys];
        Arrays.fill(window, 0, Math.min(keys, shape.window()), 1);
        return new Crossing(index, first, window);
    }

    @Override
    public Worker worker() {
        Totals totals = new Totals();
        workers.add(totals);
        return totals;
    }

    @Override
    public void finish() {
        // Totals are added up when they are asked for.
    }

    /**
     * What each candidate keeps.
     *
     * @param sums of the same head, whose late rows begin at {@link #fromRow()}
     * @return empty where no row counts, or nothing could be tried
     */
    public Optional<PatternFit> result(MapSums sums) {
        long counted = sums.totals().late();
        if (counted == 0 || candidates.isEmpty()) {
            return Optional.empty();
        }
        double[] kept = new double[candidates.size()];
        for (Crossing crossing : crossings) {
            double all = 0;
            for (int key : crossing.keys) {
                all += sums.lateColumn(key);
            }
            for (int distance = 0; distance < crossing.flags.length; distance++) {
                all += crossing.flags[distance] * sums.lateDiagonal(distance);
            }
            kept[crossing.candidate] = all;
        }
        for (Totals worker : workers) {
            for (Crossing crossing : crossings) {
                kept[crossing.candidate] -= worker.sums[crossing.candidate];
            }
            for (Chosen each : blocks) {
                kept[each.candidate] += worker.sums[each.candidate];
            }
        }
        List<PatternFit.Kept> all = new ArrayList<>();
        for (int i = 0; i < kept.length; i++) {
            all.add(new PatternFit.Kept(candidates.get(i), kept[i] / counted));
        }
        return Optional.of(new PatternFit(all, settings.scaled()));
    }

    private final class Totals implements Worker {
        private final double[] sums = new double[candidates.size()];
        private final float[] lanes = new float[LANES];

        @Override
        public void accept(RowBlock block) {
            int first = Math.max(0, fromRow - block.row0);
            if (first >= block.count) {
                return;
            }
            for (Crossing crossing : crossings) {
                sums[crossing.candidate] += crossed(block, crossing, first);
            }
            for (Chosen each : blocks) {
                sums[each.candidate] += blocked(block, each, first);
            }
        }

        /** What lies on a vertical and on a slash. */
        private double crossed(RowBlock block, Crossing crossing, int first) {
            if (crossing.back.length * MANY < crossing.keys.length) {
                return crossedBack(block, crossing, first);
            }
            Arrays.fill(lanes, 0);
            int q = block.row0 + offset;
            double sum = 0;
            int taken = 0;
            for (int key : crossing.keys) {
                // Rows look back at most to distance q + 63 - key; nothing ahead is on a slash.
                if (key < block.key0 || key >= block.key1 || key >= q + LANES) {
                    continue;
                }
                block.weigh(key, crossing.distances, LANES + q - key, lanes);
                if (++taken % RowBlock.LANES == 0) {
                    sum += drain(first);
                }
            }
            return sum + drain(first);
        }

        /** The same by distances, where there are few of them and many keys. */
        private double crossedBack(RowBlock block, Crossing crossing, int first) {
            double sum = 0;
            for (int distance : crossing.back) {
                for (int lane = first; lane < block.count; lane++) {
                    int key = block.row0 + lane + offset - distance;
                    if (key >= block.key0 && key < block.key1 && crossing.vertical[key] > 0) {
                        sum += block.p[(key - block.key0) * LANES + lane];
                    }
                }
            }
            return sum;
        }

        private double drain(int first) {
            double sum = 0;
            for (int lane = first; lane < LANES; lane++) {
                sum += lanes[lane];
            }
            Arrays.fill(lanes, 0);
            return sum;
        }

        /** What lies in the chosen blocks, at or before the query. */
        private double blocked(RowBlock block, Chosen each, int first) {
            double sum = 0;
            for (int lane0 = 0; lane0 < block.count; lane0 += each.block) {
                int last = Math.min(block.count, lane0 + each.block);
                if (last <= first) {
                    continue;
                }
                byte[] chosen = each.pooled.chosen((block.row0 + lane0) / each.block);
                Arrays.fill(lanes, 0);
                for (int b = 0; b < chosen.length; b++) {
                    int from = Math.max(block.key0, b * each.block);
                    int to = Math.min(block.key1, (b + 1) * each.block);
                    if (chosen[b] == 1 && from < to) {
                        block.sum(from, to, lanes);
                    }
                }
                for (int lane = Math.max(first, lane0); lane < last; lane++) {
                    sum += lanes[lane];
                }
            }
            return sum;
        }
    }
}
