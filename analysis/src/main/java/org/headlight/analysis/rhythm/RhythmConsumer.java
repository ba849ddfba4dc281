package org.headlight.analysis.rhythm;

import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.sweep.RowBlock;
import org.headlight.engine.sweep.SweepConsumer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Gathers from one head's map, in one sweep over every row, what the rhythm of a response is made
 * of: backward distance, WAAD and attention entropy of each row of the response, FAI of each key,
 * and the vertical scores of sentences. Memory grows with N, never with N squared.
 */
public final class RhythmConsumer implements SweepConsumer {
    private static final int LANES = RowBlock.LANES;

    private final RhythmFrame frame;
    private final int layer;
    private final int index;
    private final String name;
    private final int offset;
    private final List<Part> parts = new ArrayList<>();

    /** Made by {@link RhythmSweep}. */
    RhythmConsumer(RhythmFrame frame, HeadAttention head, int layer, int index, String name) {
        this.frame = frame;
        this.layer = layer;
        this.index = index;
        this.name = name;
        this.offset = head.cols() - head.rows();
    }

    @Override
    public Worker worker() {
        Part part = new Part(frame);
        parts.add(part);
        return part;
    }

    @Override
    public void finish() {
        // The workers are added up when the result is asked for.
    }

    /** The numbers, after the sweep. */
    HeadRhythm result() {
        Part all = new Part(frame);
        parts.forEach(all::add);
        double[] fai = all.columns.fai;
        for (int key = 0; key < fai.length; key++) {
            int count = frame.horizon().count(key, frame.from(), frame.positions());
            fai[key] = count == 0 ? Double.NaN : fai[key] / count;
        }
        double distance =
                frame.withoutFirstKey()
                        ? all.distance / Math.max(Double.MIN_NORMAL, all.mass)
                        : all.distance / frame.length();
        RhythmHead head =
                new RhythmHead(layer, index, name, distance, frame.kurtosis(all.columns.vertical));
        return new HeadRhythm(head, all.waad, fai, all.entropy);
    }

    /** What one thread saw. */
    private final class Part implements Worker {
        private static final int CHUNK = 128;

        private final float[] position = new float[LANES];
        private final float[] far = new float[LANES];
        private final float[] largest = new float[LANES];
        private final double[] waad;
        private final double[] entropy;
        private final RhythmColumns columns;
        private double distance;
        private double mass;

        Part(RhythmFrame frame) {
            waad = new double[frame.length()];
            entropy = new double[frame.length()];
            columns = new RhythmColumns(frame);
        }

        void add(Part other) {
            distance += other.distance;
            mass += other.mass;
            for (int i = 0; i < waad.length; i++) {
                waad[i] += other.waad[i];
                entropy[i] += other.entropy[i];
            }
            columns.add(other.columns);
        }

        @Override
        public void accept(RowBlock block) {
            int first = block.row0 + offset;
            int lane0 = Math.max(0, frame.from() - first);
            if (lane0 >= block.count) {
                return;
            }
            for (int lane = lane0; lane < block.count; lane++) {
                int q = first + lane;
                waad[q - frame.from()] = waad(block, lane, q);
                entropy[q - frame.from()] = block.entropy[lane];
                if (frame.withoutFirstKey()) {
                    double p0 = block.key0 == 0 ? block.p[lane] : 0;
                    distance -= p0 * q;
                    mass += block.mass[lane] - p0;
                }
            }
            distances(block, first, lane0);
            columns.accept(block, first, lane0);
        }

        /** Sum of A min(t - s, W): W of all mass, less what lies nearer. */
        private double waad(RowBlock block, int lane, int q) {
            int window = frame.window();
            double sum = (double) window * block.mass[lane];
            int to = Math.min(block.key1, q + 1);
            for (int key = Math.max(block.key0, q - window + 1); key < to; key++) {
                sum -= block.p[(key - block.key0) * LANES + lane] * (double) (window - (q - key));
            }
            return Math.max(0, sum);
        }

        private void distances(RowBlock block, int first, int lane0) {
            for (int lane = 0; lane < LANES; lane++) {
                position[lane] = first + (float) lane;
            }
            for (int key = block.key0; key < block.key1; key += CHUNK) {
                Arrays.fill(far, 0);
                block.moments(key, Math.min(block.key1, key + CHUNK), position, far, largest);
                for (int lane = lane0; lane < block.count; lane++) {
                    distance += far[lane];
                }
            }
        }
    }
}
