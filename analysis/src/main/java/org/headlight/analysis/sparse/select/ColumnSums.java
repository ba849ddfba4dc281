package org.headlight.analysis.sparse.select;

import org.headlight.engine.capture.QkHead;
import org.headlight.engine.sweep.RowBlock;
import org.headlight.engine.sweep.Sweep;
import org.headlight.engine.sweep.SweepConsumer;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;

import java.util.ArrayList;
import java.util.List;

/** What each key receives from all queries of a head together. */
public final class ColumnSums {
    private ColumnSums() {}

    /**
     * Sums of the columns of a map.
     *
     * @param map its mask says which cells count; the softmax is over those
     * @return sum over queries of the probability of each key, [M]
     * @throws org.headlight.engine.problem.CancelledException when the progress says so
     */
    public static double[] of(QkHead map, SweepOptions options, Progress progress) {
        Sums sums = new Sums(map.cols());
        Sweep.run(map, List.of(sums), options, new Quiet(progress));
        return sums.total;
    }

    private static final class Sums implements SweepConsumer {
        private final double[] total;
        private final List<double[]> parts = new ArrayList<>();

        Sums(int keys) {
            total = new double[keys];
        }

        @Override
        public Worker worker() {
            double[] own = new double[total.length];
            parts.add(own);
            return block -> add(block, own);
        }

        private static void add(RowBlock block, double[] sums) {
            for (int key = block.key0; key < block.key1; key++) {
                int at = (key - block.key0) * RowBlock.LANES;
                float sum = 0;
                for (int lane = 0; lane < block.count; lane++) {
                    sum += block.p[at + lane];
                }
                sums[key] += sum;
            }
        }

        @Override
        public void finish() {
            for (double[] part : parts) {
                for (int key = 0; key < total.length; key++) {
                    total[key] += part[key];
                }
            }
        }
    }
}
