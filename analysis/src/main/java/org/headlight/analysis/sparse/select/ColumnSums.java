package org.headlight.analysis.sparse.select;

import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.kernel.AttentionKernels;
import org.headlight.engine.sweep.RowBlock;
import org.headlight.engine.sweep.Sweep;
import org.headlight.engine.sweep.SweepConsumer;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** What each key of a map receives from the first rows together. */
public final class ColumnSums implements SweepConsumer {
    private static final int PARTS = AttentionKernels.PARTS;

    /** Blocks after which sums of floats go into doubles. */
    private static final int FLUSH = 32;

    private final int rows;
    private final int keys;
    private final List<Totals> workers = new ArrayList<>();
    private final double[] sums;

    private ColumnSums(int rows, int keys) {
        this.rows = rows;
        this.keys = keys;
        this.sums = new double[keys];
    }

    /**
     * Sums over rows [0, rows) of a map, by its whole softmax.
     *
     * @param head its mask says which cells count; the softmax is over those
     * @return one for each key, [M]
     * @throws org.headlight.engine.problem.CancelledException when the progress says so
     */
    public static double[] of(
            HeadAttention head, int rows, SweepOptions options, Progress progress) {
        ColumnSums sums = new ColumnSums(rows, head.cols());
        SweepOptions all = new SweepOptions(options.kernels(), options.threads(), 1, Set.of());
        Sweep.run(head, List.of(sums), all, progress);
        return sums.sums;
    }

    @Override
    public Worker worker() {
        Totals totals = new Totals();
        workers.add(totals);
        return totals;
    }

    @Override
    public void finish() {
        for (Totals totals : workers) {
            totals.flush();
            for (int key = 0; key < keys; key++) {
                sums[key] += totals.sums[key];
            }
        }
    }

    private final class Totals implements Worker {
        private final double[] sums = new double[keys];
        private final float[] parts = new float[keys * PARTS];
        private final float[] largest = new float[RowBlock.LANES];
        private final float[] squares = new float[RowBlock.LANES];
        private int blocks;

        @Override
        public void accept(RowBlock block) {
            if (block.row0 + block.count <= rows) {
                block.shares(block.key0, block.key1, largest, squares, parts);
                if (++blocks == FLUSH) {
                    flush();
                }
                return;
            }
            for (int key = block.key0; key < block.key1; key++) {
                for (int lane = 0; lane < rows - block.row0; lane++) {
                    sums[key] += block.p[(key - block.key0) * RowBlock.LANES + lane];
                }
            }
        }

        void flush() {
            blocks = 0;
            for (int i = 0; i < parts.length; i++) {
                sums[i / PARTS] += parts[i];
            }
            Arrays.fill(parts, 0);
        }
    }
}
