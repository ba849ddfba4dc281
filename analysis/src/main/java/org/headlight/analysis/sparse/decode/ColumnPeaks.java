package org.headlight.analysis.sparse.decode;

import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.sweep.RowBlock;
import org.headlight.engine.sweep.Sweep;
import org.headlight.engine.sweep.SweepConsumer;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The most that each key of a map receives from a single row. */
final class ColumnPeaks implements SweepConsumer {
    private final int keys;
    private final List<float[]> workers = new ArrayList<>();
    private final double[] peaks;

    private ColumnPeaks(double[] peaks) {
        this.keys = peaks.length;
        this.peaks = peaks;
    }

    /**
     * Raises the peaks of keys to those of a map.
     *
     * @param peaks in and out, one for each key
     */
    static void raise(HeadAttention head, double[] peaks, SweepOptions options, Progress progress) {
        SweepOptions all = new SweepOptions(options.kernels(), options.threads(), 1, Set.of());
        Sweep.run(head, List.of(new ColumnPeaks(peaks)), all, progress);
    }

    @Override
    public Worker worker() {
        float[] own = new float[keys];
        workers.add(own);
        return block -> {
            for (int key = block.key0; key < block.key1; key++) {
                int from = (key - block.key0) * RowBlock.LANES;
                float most = own[key];
                for (int i = from; i < from + block.count; i++) {
                    most = Math.max(most, block.p[i]);
                }
                own[key] = most;
            }
        };
    }

    @Override
    public void finish() {
        for (float[] own : workers) {
            for (int key = 0; key < keys; key++) {
                peaks[key] = Math.max(peaks[key], own[key]);
            }
        }
    }
}
