package org.headlight.analysis.heads;

import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.sweep.RowBlock;
import org.headlight.engine.sweep.SweepConsumer;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Gathers the {@link HeadStatistics} of one head from the blocks of a sweep over every row. */
public final class HeadStatisticsConsumer implements SweepConsumer {
    /** Cells at most this far from the diagonal count for locality. */
    private static final int NEAR = 4;

    private final int offset;
    private final @Nullable TokenIndex tokens;
    private final List<Totals> workers = new ArrayList<>();

    /**
     * @param tokens the text of queries and keys; null for cross-attention, where positions of
     *     queries and keys are not comparable
     */
    public HeadStatisticsConsumer(HeadAttention head, @Nullable TokenIndex tokens) {
        this.offset = tokens == null ? 0 : head.cols() - head.rows();
        this.tokens = tokens;
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
     * The numbers, after the sweep.
     *
     * @param epsilon received0 above which the head counts as a sink
     */
    public HeadStatistics result(int layer, int head, String name, double epsilon) {
        Totals all = new Totals();
        workers.forEach(all::add);
        double rows = Math.max(1, all.rows);
        double mass = all.mass > 0 ? all.mass : 1;
        boolean self = tokens != null;
        double received0 = all.received0 / rows;
        return new HeadStatistics(
                layer,
                head,
                name,
                all.entropy / rows,
                self ? all.distance / rows : Double.NaN,
                received0,
                received0 > epsilon ? 1 : 0,
                self ? all.previous / mass : Double.NaN,
                self ? all.duplicate / mass : Double.NaN,
                self ? all.induction / mass : Double.NaN,
                self ? all.near / rows : Double.NaN,
                all.confidence / rows);
    }

    private final class Totals implements Worker {
        private static final int LANES = RowBlock.LANES;
        private static final int CHUNK = 128;

        private final float[] position = new float[LANES];
        private final float[] far = new float[LANES];
        private final float[] largest = new float[LANES];
        private long rows;
        private double mass;
        private double entropy;
        private double distance;
        private double received0;
        private double previous;
        private double duplicate;
        private double induction;
        private double near;
        private double confidence;

        void add(Totals other) {
            rows += other.rows;
            mass += other.mass;
            entropy += other.entropy;
            distance += other.distance;
            received0 += other.received0;
            previous += other.previous;
            duplicate += other.duplicate;
            induction += other.induction;
            near += other.near;
            confidence += other.confidence;
        }

        @Override
        public void accept(RowBlock block) {
            for (int lane = 0; lane < LANES; lane++) {
                position[lane] = block.row0 + (float) lane * block.rowStep + offset;
                largest[lane] = 0;
            }
            for (int key = block.key0; key < block.key1; key += CHUNK) {
                chunk(block, key, Math.min(block.key1, key + CHUNK));
            }
            for (int lane = 0; lane < block.count; lane++) {
                if (block.lse[lane] == Float.NEGATIVE_INFINITY) {
                    continue;
                }
                rows++;
                mass += block.mass[lane];
                entropy += block.entropy[lane];
                confidence += largest[lane];
                received0 += cell(block, lane, 0);
                if (tokens != null) {
                    int q = block.row0 + lane * block.rowStep + offset;
                    previous += cell(block, lane, q - 1);
                    for (int key = q - NEAR; key <= q + NEAR; key++) {
                        near += cell(block, lane, key);
                    }
                    repeats(block, lane, q, tokens);
                }
            }
        }

        /** Distances over some keys; short sums keep single precision exact enough. */
        private void chunk(RowBlock block, int from, int to) {
            Arrays.fill(far, 0);
            block.moments(from, to, position, far, largest);
            for (int lane = 0; lane < block.count; lane++) {
                distance += far[lane];
            }
        }

        private void repeats(RowBlock block, int lane, int q, TokenIndex index) {
            if (q < 0 || q >= index.size()) {
                return;
            }
            for (int j = index.earlier(q); j >= 0; j = index.earlier(j)) {
                duplicate += cell(block, lane, j);
                induction += cell(block, lane, j + 1);
            }
        }

        private float cell(RowBlock block, int lane, int key) {
            return key >= block.key0 && key < block.key1
                    ? block.p[(key - block.key0) * LANES + lane]
                    : 0;
        }
    }
}
