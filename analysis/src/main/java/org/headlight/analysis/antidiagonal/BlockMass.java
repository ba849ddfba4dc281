package org.headlight.analysis.antidiagonal;

import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.sweep.RowBlock;
import org.headlight.engine.sweep.SweepConsumer;

/**
 * The true mass of every block of a map, from one sweep over every row: sums of probabilities over
 * small blocks, of which the sums over larger blocks are made without another sweep. Holds at most
 * about a million numbers.
 */
public final class BlockMass implements SweepConsumer {
    private static final int LANES = RowBlock.LANES;
    private static final int MOST_BLOCKS = 1024;

    private final int cell;
    private final int cols;
    private final double[][] sums;
    private final double[] first;

    /**
     * For blocks of one size.
     *
     * @param cell queries and keys of a block
     */
    public BlockMass(HeadAttention head, int cell) {
        this.cell = cell;
        this.cols = Math.ceilDiv(head.cols(), cell);
        int rows = Math.ceilDiv(head.rows(), cell);
        this.sums = new double[rows][cols];
        this.first = new double[rows];
    }

    /**
     * The side of the small blocks for a map, such that sums over blocks of 16, 32, 64 ... tokens
     * can be made of them: 16 up to 16 384 tokens, and no more than 1 024 blocks a side beyond.
     */
    public static int cellFor(HeadAttention head) {
        int cell = 16;
        while (Math.max(head.rows(), head.cols()) > (long) cell * MOST_BLOCKS) {
            cell *= 2;
        }
        return cell;
    }

    /** Queries and keys of a small block. */
    public int cell() {
        return cell;
    }

    /** How many sums are held. */
    public long numbers() {
        return (long) sums.length * cols;
    }

    @Override
    public Worker worker() {
        return new Adder();
    }

    @Override
    public void finish() {
        // Workers add to the sums directly.
    }

    /**
     * The sums over blocks, after the sweep; rows sum to the number of their queries, less what
     * sink logits took.
     *
     * @param block queries and keys of a block, a multiple of {@link #cell}
     * @throws IllegalArgumentException when it is none
     */
    public BlockTable table(int block) {
        int factor = factor(block);
        double[] all = new double[sums.length * cols];
        for (int row = 0; row < sums.length; row++) {
            System.arraycopy(sums[row], 0, all, row * cols, cols);
        }
        BlockTable fine = new BlockTable(all, sums.length, cols);
        return factor == 1 ? fine : fine.coarser(factor);
    }

    /** What key 0 receives from the queries of each block row, [rows, 1]. */
    public BlockTable onFirstKey(int block) {
        int factor = factor(block);
        double[] all = new double[Math.ceilDiv(first.length, factor)];
        for (int row = 0; row < first.length; row++) {
            all[row / factor] += first[row];
        }
        return new BlockTable(all, all.length, 1);
    }

    private int factor(int block) {
        if (block % cell != 0) {
            throw new IllegalArgumentException(block + " is no multiple of " + cell);
        }
        return block / cell;
    }

    private final class Adder implements Worker {
        private float[] groups = new float[0];

        @Override
        public void accept(RowBlock block) {
            int count = block.groups(cell);
            if (groups.length < count * LANES) {
                groups = new float[count * LANES];
            }
            block.groupSums(cell, groups);
            int from = block.key0 / cell;
            for (int lane = 0; lane < block.count; ) {
                int row = (block.row0 + lane) / cell;
                int end = Math.min(block.count, (row + 1) * cell - block.row0);
                add(row, from, count, lane, end);
                if (block.key0 == 0 && block.key1 > 0) {
                    addFirst(row, block, lane, end);
                }
                lane = end;
            }
        }

        private void add(int row, int from, int count, int lane0, int lane1) {
            double[] target = sums[row];
            synchronized (target) {
                for (int g = 0; g < count; g++) {
                    double sum = 0;
                    for (int i = g * LANES + lane0; i < g * LANES + lane1; i++) {
                        sum += groups[i];
                    }
                    target[from + g] += sum;
                }
            }
        }

        private void addFirst(int row, RowBlock block, int lane0, int lane1) {
            double sum = 0;
            for (int lane = lane0; lane < lane1; lane++) {
                sum += block.p[lane];
            }
            synchronized (sums[row]) {
                first[row] += sum;
            }
        }
    }
}
