package org.headlight.engine.sweep;

import static org.headlight.engine.kernel.AttentionKernels.LANES;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * What turns scores into probabilities, row by row: the largest score and one over the row's sum. A
 * logarithm of the sum alone would lose digits when scores are large. Thread-safe: blocks of 64
 * rows are published by a flag.
 */
final class RowNorms {
    private final int rows;
    private final float[] max;
    private final float[] inverse;
    private final AtomicIntegerArray known;

    RowNorms(int rows) {
        this.rows = rows;
        this.max = new float[rows];
        this.inverse = new float[rows];
        this.known = new AtomicIntegerArray(Math.ceilDiv(rows, LANES));
    }

    /** The norms of the rows that the reader has selected, computed when they are not known. */
    void load(BlockReader reader, int row, int count, float[] targetMax, float[] targetInverse) {
        boolean all = true;
        for (int block = row / LANES; block <= (row + count - 1) / LANES; block++) {
            all &= known.get(block) == 1;
        }
        if (all) {
            Arrays.fill(targetMax, 0);
            Arrays.fill(targetInverse, 0);
            System.arraycopy(max, row, targetMax, 0, count);
            System.arraycopy(inverse, row, targetInverse, 0, count);
            return;
        }
        reader.norms(targetMax, targetInverse);
        if (row % LANES == 0 && count == Math.min(LANES, rows - row)) {
            store(row, count, targetMax, targetInverse, 0);
        }
    }

    /** Takes the norms of all rows, [rows]. */
    void learn(float[] allMax, float[] allInverse) {
        for (int row = 0; row < rows; row += LANES) {
            store(row, Math.min(LANES, rows - row), allMax, allInverse, row);
        }
    }

    private void store(int row, int count, float[] fromMax, float[] fromInverse, int at) {
        int block = row / LANES;
        // One writer a block: 0 unknown, 2 being written, 1 known.
        if (known.compareAndSet(block, 0, 2)) {
            System.arraycopy(fromMax, at, max, row, count);
            System.arraycopy(fromInverse, at, inverse, row, count);
            known.set(block, 1);
        }
    }

    SweepConsumer learner() {
        return new SweepConsumer() {
            @Override
            public Worker worker() {
                return block -> {
                    if (block.rowStep == 1) {
                        store(block.row0, block.count, block.max, block.inverse, 0);
                    }
                };
            }

            @Override
            public void finish() {
                // Blocks were stored as they came.
            }
        };
    }
}
