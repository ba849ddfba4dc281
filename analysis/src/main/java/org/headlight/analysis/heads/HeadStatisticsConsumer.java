package org.headlight.analysis.heads;

import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.sweep.SweepConsumer;
import org.jspecify.annotations.Nullable;

/** Gathers the {@link HeadStatistics} of one head from the blocks of a sweep over every row. */
public final class HeadStatisticsConsumer implements SweepConsumer {
    /** Cells at most this far from the diagonal count for locality. */
    private static final int NEAR = 4;

    private final boolean self;
    private final MapSumsConsumer sums;

    /**
     * Prepares the numbers of a head.
     *
     * @param tokens the text of queries and keys; null for cross-attention, where positions of
     *     queries and keys are not comparable
     */
    public HeadStatisticsConsumer(HeadAttention head, @Nullable TokenIndex tokens) {
        this.self = tokens != null;
        this.sums = new MapSumsConsumer(head, tokens, head.rows());
    }

    @Override
    public Worker worker() {
        return sums.worker();
    }

    @Override
    public void finish() {
        sums.finish();
    }

    /**
     * The numbers, after the sweep.
     *
     * @param epsilon received0 above which the head counts as a sink
     */
    public HeadStatistics result(int layer, int head, String name, double epsilon) {
        return of(sums.result(), self, layer, head, name, epsilon);
    }

    /** The numbers that follow from sums over the map. */
    static HeadStatistics of(
            MapSums sums, boolean self, int layer, int head, String name, double epsilon) {
        MapSums.RowTotals totals = sums.totals();
        double rows = Math.max(1, totals.seen());
        double mass = totals.mass() > 0 ? totals.mass() : 1;
        double received0 = sums.cols() == 0 ? 0 : sums.column(0) / rows;
        return new HeadStatistics(
                layer,
                head,
                name,
                totals.entropy() / rows,
                self ? sums.meanDistance() : Double.NaN,
                received0,
                received0 > epsilon ? 1 : 0,
                self ? sums.diagonal(1) / mass : Double.NaN,
                self ? totals.same() / mass : Double.NaN,
                self ? totals.after() / mass : Double.NaN,
                self ? sums.near(NEAR) : Double.NaN,
                totals.confidence() / rows);
    }
}
