package org.headlight.analysis.heads;

import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.sweep.RowBlock;
import org.headlight.engine.sweep.SweepConsumer;
import org.headlight.engine.sweep.Visibility;

import java.util.Arrays;
import java.util.Set;

/**
 * Numbers of a head that need the cells of a row one by one: of at most {@link #ROWS} rows, evenly
 * spread over the text, the last row among them. Exact for those rows.
 */
public final class WholeRows implements SweepConsumer {
    /** Rows that are looked at, at most. */
    public static final int ROWS = 64;

    /** The share of a row's attention that its strongest keys have to hold. */
    public static final double TOP = 0.9;

    /** Attention below this counts as none. */
    public static final double EPSILON = 1e-3;

    private final int rows;
    private final int kept;
    private final Visibility visibility;
    private final double[] support;
    private final double[] below;

    /** Nothing seen yet of a head. */
    public WholeRows(HeadAttention head) {
        this.rows = head.rows();
        this.kept = Math.min(ROWS, rows);
        this.visibility = new Visibility(head, Set.of());
        this.support = new double[kept];
        this.below = new double[kept];
        Arrays.fill(support, Double.NaN);
        Arrays.fill(below, Double.NaN);
    }

    @Override
    public Worker worker() {
        return this::take;
    }

    @Override
    public void finish() {
        // Each row was written by one thread.
    }

    private int row(int index) {
        return (int) ((index + 1L) * rows / kept) - 1;
    }

    private void take(RowBlock block) {
        for (int index = 0; index < kept; index++) {
            int row = row(index);
            int lane = row - block.row0;
            if (lane >= 0 && lane < block.count) {
                float[] cells = new float[block.key1 - block.key0];
                for (int i = 0; i < cells.length; i++) {
                    cells[i] = block.p[i * RowBlock.LANES + lane];
                }
                measure(index, cells, visibility.count(row, 0, visibility.cols()));
            }
        }
    }

    private void measure(int index, float[] cells, int visible) {
        Arrays.sort(cells);
        double mass = 0;
        int strong = 0;
        for (float cell : cells) {
            mass += cell;
            strong += cell >= EPSILON ? 1 : 0;
        }
        if (visible == 0 || !(mass > 0)) {
            return;
        }
        double held = 0;
        int count = 0;
        while (count < cells.length && held < TOP * mass) {
            held += cells[cells.length - ++count];
        }
        support[index] = count;
        below[index] = (visible - strong) / (double) visible;
    }

    /**
     * Mean over the rows of the least number of keys that hold {@link #TOP} of what the row gives;
     * NaN without rows.
     */
    public double topSupport() {
        return Arrays.stream(support).filter(n -> !Double.isNaN(n)).average().orElse(Double.NaN);
    }

    /**
     * Mean over the rows of the share of the visible cells below {@link #EPSILON}; NaN without
     * rows.
     */
    public double sparsity() {
        return Arrays.stream(below).filter(n -> !Double.isNaN(n)).average().orElse(Double.NaN);
    }
}
