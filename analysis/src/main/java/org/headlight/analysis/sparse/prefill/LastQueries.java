package org.headlight.analysis.sparse.prefill;

import org.headlight.analysis.sparse.select.SiteMaps;
import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.sweep.RowBlock;
import org.headlight.engine.sweep.Sweep;
import org.headlight.engine.sweep.SweepConsumer;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;

import java.util.List;

/**
 * What the last queries of a head look at, by key and by distance: sums of their probabilities, L x
 * M x D multiply-adds. Knows later tokens than most queries do.
 */
final class LastQueries {
    private final int count;
    private final float[] columns;
    private final float[] distances;

    /**
     * @param most how many queries, L; all if there are fewer
     */
    LastQueries(AttentionInput input, int head, int most, SweepOptions options, Progress progress) {
        int queries = input.q().rows();
        int keys = input.k().rows();
        count = Math.min(most, queries);
        columns = new float[keys];
        distances = new float[keys];
        AttentionInput last = input.part(queries - count, queries, keys);
        Sweep.run(
                SiteMaps.map(last, head),
                List.of(new Sums(keys - count)),
                options.withThreads(1).withRowStep(1),
                progress.quiet());
    }

    /** Queries that were looked at. */
    int count() {
        return count;
    }

    /** What keys receive, summed over the queries, [M]. */
    double[] columns() {
        return doubles(columns);
    }

    /** What lies on the keys of each distance back, summed over the queries, [M]. */
    double[] distances() {
        return doubles(distances);
    }

    private static double[] doubles(float[] values) {
        double[] wide = new double[values.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = values[i];
        }
        return wide;
    }

    private final class Sums implements SweepConsumer, SweepConsumer.Worker {
        private final int offset;

        Sums(int offset) {
            this.offset = offset;
        }

        @Override
        public Worker worker() {
            return this;
        }

        @Override
        public void accept(RowBlock block) {
            for (int key = block.key0; key < block.key1; key++) {
                int at = (key - block.key0) * RowBlock.LANES;
                columns[key] += sum(block.p, at);
                int nearest = offset + block.row0 - key;
                int first = Math.max(0, -nearest);
                for (int lane = first; lane < block.count; lane++) {
                    distances[nearest + lane] += block.p[at + lane];
                }
            }
        }

        @Override
        public void finish() {
            // One thread adds to the sums directly.
        }
    }

    /** Of one row of a block; four sums at a time, since one after the other would be slow. */
    private static float sum(float[] p, int at) {
        float a = 0;
        float b = 0;
        float c = 0;
        float d = 0;
        for (int lane = at; lane < at + RowBlock.LANES; lane += 4) {
            a += p[lane];
            b += p[lane + 1];
            c += p[lane + 2];
            d += p[lane + 3];
        }
        return a + b + (c + d);
    }
}
