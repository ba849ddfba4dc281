package org.headlight.analysis.sparse.prefill;

import org.headlight.analysis.antidiagonal.BlockGrid;
import org.headlight.engine.sweep.RowBlock;
import org.headlight.engine.sweep.SweepConsumer;

/** The largest probability of each block of a map, by one sweep on one thread. */
final class BlockMax implements SweepConsumer, SweepConsumer.Worker {
    private final int block;
    private final double[][] most;

    BlockMax(BlockGrid grid) {
        block = grid.block();
        most = new double[grid.rows()][grid.cols()];
    }

    @Override
    public Worker worker() {
        return this;
    }

    @Override
    public void accept(RowBlock rows) {
        for (int lane = 0; lane < rows.count; ) {
            int row = (rows.row0 + lane) / block;
            int end = Math.min(rows.count, (row + 1) * block - rows.row0);
            for (int key = rows.key0; key < rows.key1; key++) {
                int at = (key - rows.key0) * RowBlock.LANES;
                float largest = 0;
                for (int i = at + lane; i < at + end; i++) {
                    largest = Math.max(largest, rows.p[i]);
                }
                most[row][key / block] = Math.max(most[row][key / block], largest);
            }
            lane = end;
        }
    }

    @Override
    public void finish() {
        // One thread fills the table.
    }

    /** The largest probability of a block. */
    double get(int row, int col) {
        return most[row][col];
    }

    /** Those of a block row. */
    double[] row(int row) {
        return most[row].clone();
    }
}
