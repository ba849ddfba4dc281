package org.headlight.analysis.sparse.run;

import org.headlight.analysis.antidiagonal.BlockMass;
import org.headlight.analysis.antidiagonal.BlockTable;
import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.sweep.RowBlock;
import org.headlight.engine.sweep.Sweep;
import org.headlight.engine.sweep.SweepConsumer;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;

/** The largest share of a map that so many pairs can hold. */
final class OracleRecall {
    private static final int BLOCK = 64;

    /** Rows that are looked at where each row has a best choice of its own. */
    private static final int MOST_ROWS = 512;

    private final HeadAttention map;
    private final SweepOptions sweep;

    OracleRecall(HeadAttention map, SweepOptions sweep) {
        this.map = map;
        this.sweep = sweep;
    }

    /**
     * The share that the blocks of 64 with the most mass a pair hold, as many as make up the pairs;
     * of the last block a part.
     */
    double ofBlocks(long pairs, Progress progress) {
        BlockMass mass = new BlockMass(map, BLOCK);
        Sweep.run(map, List.of(mass), sweep.withRowStep(1), progress.quiet());
        BlockTable table = mass.table(BLOCK);
        int cols = table.cols();
        double[] cells = cells(table.rows(), cols);
        Integer[] order = new Integer[cells.length];
        Arrays.setAll(order, i -> i);
        double[] held = new double[cells.length];
        Arrays.setAll(held, i -> cells[i] == 0 ? 0 : table.get(i / cols, i % cols) / cells[i]);
        Arrays.sort(order, (a, b) -> Double.compare(held[b], held[a]));
        double left = pairs;
        double sum = 0;
        for (int i = 0; i < order.length && left > 0; i++) {
            double take = Math.min(left, cells[order[i]]);
            sum += take * held[order[i]];
            left -= take;
        }
        double total = table.total();
        return total > 0 ? Math.min(1, sum / total) : 1;
    }

    /** Visible pairs of each block. */
    private double[] cells(int rows, int cols) {
        double[] cells = new double[rows * cols];
        for (int row = 0; row < map.rows(); row++) {
            int first = Math.max(0, map.mask().firstKey(row));
            int end = Math.min(map.cols(), map.mask().endKey(row));
            for (int col = first / BLOCK; col * BLOCK < end; col++) {
                int from = Math.max(first, col * BLOCK);
                cells[row / BLOCK * cols + col] += Math.min(end, (col + 1) * BLOCK) - from;
            }
        }
        return cells;
    }

    /**
     * The mean share that as many keys of each row hold, those with the most; over at most 512 rows
     * at even distances.
     *
     * @param keys how many of a row
     * @param skipped rows that do not count
     */
    double ofKeys(IntUnaryOperator keys, IntPredicate skipped, Progress progress) {
        TopMass top = new TopMass(keys, skipped);
        int step = Math.max(1, map.rows() / MOST_ROWS);
        Sweep.run(map, List.of(top), sweep.withRowStep(step), progress.quiet());
        return top.rows == 0 ? Double.NaN : top.sum / top.rows;
    }

    /** Adds up the largest probabilities of rows. */
    private static final class TopMass implements SweepConsumer {
        private final IntUnaryOperator keys;
        private final IntPredicate skipped;
        private double sum;
        private long rows;

        TopMass(IntUnaryOperator keys, IntPredicate skipped) {
            this.keys = keys;
            this.skipped = skipped;
        }

        @Override
        public Worker worker() {
            return this::accept;
        }

        private void accept(RowBlock block) {
            int width = block.key1 - block.key0;
            float[] row = new float[width];
            for (int lane = 0; lane < block.count; lane++) {
                int at = block.row0 + lane * block.rowStep;
                if (skipped.test(at) || block.mass[lane] <= 0) {
                    continue;
                }
                for (int key = 0; key < width; key++) {
                    row[key] = block.p[key * RowBlock.LANES + lane];
                }
                Arrays.sort(row);
                double held = 0;
                for (int i = Math.max(0, width - keys.applyAsInt(at)); i < width; i++) {
                    held += row[i];
                }
                add(held / block.mass[lane]);
            }
        }

        private synchronized void add(double share) {
            sum += Math.min(1, share);
            rows++;
        }

        @Override
        public void finish() {
            // Workers add up directly.
        }
    }
}
