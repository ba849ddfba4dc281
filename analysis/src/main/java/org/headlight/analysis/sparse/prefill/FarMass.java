package org.headlight.analysis.sparse.prefill;

import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.capture.ProbabilityHead;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.matrix.Matrix;
import org.headlight.engine.sweep.RowBlock;
import org.headlight.engine.sweep.Sweep;
import org.headlight.engine.sweep.SweepConsumer;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;

import java.util.List;

/**
 * How much some queries look elsewhere than at the first keys and the last ones.
 *
 * @param from the first query
 * @param to one after the last
 * @param sink first keys that do not count
 * @param window last keys up to each query's own that do not count
 */
record FarMass(int from, int to, int sink, int window) {

    /** The mean over the queries, 0 to 1. */
    double of(HeadAttention head, SweepOptions sweep, Progress progress) {
        int offset = head.cols() - head.rows();
        return switch (head) {
            case QkHead map -> {
                Sum sum = new Sum(from + offset);
                QkHead part =
                        new QkHead(
                                new RowRange(map.q(), from, to),
                                map.k(),
                                map.v(),
                                map.scale(),
                                new LaterRows(map.mask(), from),
                                map.softcap(),
                                map.sink());
                Sweep.run(
                        part, List.of(sum), sweep.withThreads(1).withRowStep(1), progress.quiet());
                yield sum.far / Math.max(1, to - from);
            }
            case ProbabilityHead map -> throw new IllegalStateException("A dump of " + map.rows());
        };
    }

    private final class Sum implements SweepConsumer, SweepConsumer.Worker {
        private final int offset;
        private double far;

        Sum(int offset) {
            this.offset = offset;
        }

        @Override
        public Worker worker() {
            return this;
        }

        @Override
        public void accept(RowBlock block) {
            for (int lane = 0; lane < block.count; lane++) {
                int near = block.row0 + lane + offset - window + 1;
                for (int key = Math.max(sink, block.key0); key < near; key++) {
                    far += block.p[(key - block.key0) * RowBlock.LANES + lane];
                }
            }
        }

        @Override
        public void finish() {
            // One thread adds to the sum directly.
        }
    }

    /** Some rows of a matrix. */
    private record RowRange(Matrix all, int from, int to) implements Matrix {
        @Override
        public int rows() {
            return to - from;
        }

        @Override
        public int cols() {
            return all.cols();
        }

        @Override
        public void copy(
                int row0, int row1, int col0, int col1, float[] target, int offset, int stride) {
            all.copy(row0 + from, row1 + from, col0, col1, target, offset, stride);
        }
    }

    /** The mask of later rows. */
    private record LaterRows(AttentionMask all, int from) implements AttentionMask {
        @Override
        public int firstKey(int row) {
            return all.firstKey(row + from);
        }

        @Override
        public int endKey(int row) {
            return all.endKey(row + from);
        }

        @Override
        public boolean unbiased() {
            return all.unbiased();
        }

        @Override
        public float bias(int row, int col) {
            return all.bias(row + from, col);
        }

        @Override
        public boolean causal() {
            return all.causal();
        }
    }
}
