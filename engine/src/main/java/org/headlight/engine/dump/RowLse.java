package org.headlight.engine.dump;

import org.headlight.engine.capture.QkHead;
import org.headlight.engine.matrix.ArrayMatrix;
import org.headlight.engine.matrix.Matrix;
import org.headlight.engine.sweep.RowBlock;
import org.headlight.engine.sweep.Sweep;
import org.headlight.engine.sweep.SweepConsumer;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;

import java.util.List;

/**
 * The log-sum-exp of each row, as the run left it or by one sweep: with it any cell is one dot
 * product away.
 */
final class RowLse {
    private final SweepOptions options = SweepOptions.standard();

    /** As a matrix [1, N]. */
    Matrix of(QkHead head, Progress progress) {
        Matrix known = head.lse();
        return known == null ? swept(head, progress) : known;
    }

    private Matrix swept(QkHead head, Progress progress) {
        float[] lse = new float[head.rows()];
        SweepConsumer consumer =
                new SweepConsumer() {
                    @Override
                    public Worker worker() {
                        return block -> keep(block, lse);
                    }

                    @Override
                    public void finish() {
                        // Every worker wrote its own rows.
                    }
                };
        Sweep.run(head, List.of(consumer), options, new Quiet(progress));
        return new ArrayMatrix(lse, 1, lse.length);
    }

    private static void keep(RowBlock block, float[] lse) {
        for (int lane = 0; lane < block.count; lane++) {
            lse[block.row0 + lane * block.rowStep] = block.lse[lane];
        }
    }

    /** Passes the wish to cancel on and reports nothing: the file's progress is the writer's. */
    private record Quiet(Progress whole) implements Progress {
        @Override
        public void at(double fraction, String stage) {
            // The writer reports.
        }

        @Override
        public boolean cancelled() {
            return whole.cancelled();
        }
    }
}
