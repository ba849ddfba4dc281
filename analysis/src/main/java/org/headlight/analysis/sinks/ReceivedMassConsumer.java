package org.headlight.analysis.sinks;

import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.sweep.RowBlock;
import org.headlight.engine.sweep.SweepConsumer;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntToDoubleFunction;

/**
 * Adds up what each key of a head receives, from the blocks of a sweep over every row. A map in
 * which some query gives mass to a later key is taken as one that looks both ways.
 */
public final class ReceivedMassConsumer implements SweepConsumer {
    private final int rows;
    private final int keys;
    private final int offset;
    private final boolean ordered;
    private final boolean summing;
    private final List<Totals> workers = new ArrayList<>();

    /**
     * @param ordered whether positions of queries and keys are comparable; they are not in
     *     cross-attention, where every query may look at every key
     */
    public ReceivedMassConsumer(HeadAttention head, boolean ordered) {
        this(head, ordered, true);
    }

    private ReceivedMassConsumer(HeadAttention head, boolean ordered, boolean summing) {
        this.summing = summing;
        this.rows = head.rows();
        this.keys = head.cols();
        this.offset = head.cols() - head.rows();
        this.ordered = ordered;
    }

    /** One that is told the sums over columns, because somebody else on the sweep has them. */
    public static ReceivedMassConsumer withoutSums(HeadAttention head, boolean ordered) {
        return new ReceivedMassConsumer(head, ordered, false);
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

    /** What each key received; after the sweep. */
    public ReceivedMass result() {
        double[] sum = new double[keys];
        for (Totals totals : workers) {
            for (int key = 0; key < keys; key++) {
                sum[key] += totals.sum[key];
            }
        }
        return result(key -> sum[key]);
    }

    /**
     * What each key received, by sums that are known.
     *
     * @param sum what a key received from all rows together
     */
    public ReceivedMass result(IntToDoubleFunction sum) {
        BitSet live = new BitSet(rows);
        boolean ahead = !ordered;
        for (Totals totals : workers) {
            live.or(totals.live);
            ahead |= totals.ahead;
        }
        QueryCounts counts = QueryCounts.of(live, rows, keys, offset, !ahead);
        float[] mean = new float[keys];
        for (int key = 0; key < keys; key++) {
            mean[key] = counts.at(key) == 0 ? 0 : (float) (sum.applyAsDouble(key) / counts.at(key));
        }
        return new ReceivedMass(mean, counts);
    }

    private final class Totals implements Worker {
        private static final int LANES = RowBlock.LANES;

        private final double[] sum = new double[summing ? keys : 0];
        private final BitSet live = new BitSet(rows);
        private boolean ahead;

        @Override
        public void accept(RowBlock block) {
            for (int key = block.key0; summing && key < block.key1; key++) {
                sum[key] += sum(block.p, (key - block.key0) * LANES);
            }
            for (int lane = 0; lane < block.count; lane++) {
                int row = block.row0 + lane * block.rowStep;
                if (block.lse[lane] != Float.NEGATIVE_INFINITY) {
                    live.set(row);
                }
                ahead = ahead || looksAhead(block, lane, row + offset);
            }
        }

        private static boolean looksAhead(RowBlock block, int lane, int position) {
            for (int key = Math.max(block.key0, position + 1); key < block.key1; key++) {
                if (block.p[(key - block.key0) * LANES + lane] > 0) {
                    return true;
                }
            }
            return false;
        }

        /** A column of a block, in eight sums that do not wait for each other. */
        private static double sum(float[] p, int from) {
            float a = 0;
            float b = 0;
            float c = 0;
            float d = 0;
            float e = 0;
            float f = 0;
            float g = 0;
            float h = 0;
            for (int i = from; i < from + LANES; i += 8) {
                a += p[i];
                b += p[i + 1];
                c += p[i + 2];
                d += p[i + 3];
                e += p[i + 4];
                f += p[i + 5];
                g += p[i + 6];
                h += p[i + 7];
            }
            return (double) (a + b) + (c + d) + (e + f) + (g + h);
        }
    }
}
