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
    private final boolean measuring;
    private final List<Part> parts = new ArrayList<>();

    /**
     * Made by {@link RhythmSweep}.
     *
     * @param measuring whether distances are measured; otherwise {@link #result} is told them
     */
    RhythmConsumer(
            RhythmFrame frame,
            HeadAttention head,
            int layer,
            int index,
            String name,
            boolean measuring) {
        this.measuring = measuring;
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

    /**
     * The numbers, after the sweep.
     *
     * @param told sum of A x (t - s) over the rows of the response, where it was not measured
     */
    HeadRhythm result(double told) {
        Part all = new Part(frame);
        parts.forEach(all::add);
        double[] fai = all.columns.fai;
        for (int key = 0; key < fai.length; key++) {
            int count = frame.horizon().count(key, frame.from(), frame.positions());
            fai[key] = count == 0 ? Double.NaN : fai[key] / count;
        }
        double sum = measuring ? all.distance : all.distance + told;
        double distance =
                frame.withoutFirstKey()
                        ? sum / Math.max(Double.MIN_NORMAL, all.mass)
                        : sum / frame.length();
        RhythmHead head =
                new RhythmHead(layer, index, name, distance, frame.kurtosis(all.columns.vertical));
        return new HeadRhythm(head, all.waad, fai, all.entropy);
    }

    /** What one thread saw. */
    private final class Part implements Worker {
        private final float[] position = new float[LANES];
        private final float[] far = new float[LANES];
        private final float[] largest = new float[LANES];
        private final float[] nearer = new float[LANES];

        /** W - d for each distance d below W, from LANES on; 0 before and after. */
        private final float[] ramp;

        private final double[] waad;
        private final double[] entropy;
        private final RhythmColumns columns;
        private double distance;
        private double mass;

        Part(RhythmFrame frame) {
            waad = new double[frame.length()];
            entropy = new double[frame.length()];
            columns = new RhythmColumns(frame);
            ramp = new float[frame.window() + 2 * LANES];
            for (int back = 0; back < frame.window(); back++) {
                ramp[LANES + back] = frame.window() - back;
            }
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
            waad(block, first, lane0);
            for (int lane = lane0; lane < block.count; lane++) {
                int q = first + lane;
                entropy[q - frame.from()] = block.entropy[lane];
                if (frame.withoutFirstKey()) {
                    double p0 = block.key0 == 0 ? block.p[lane] : 0;
                    distance -= p0 * q;
                    mass += block.mass[lane] - p0;
                }
            }
            columns.accept(block, first, lane0);
        }

        @Override
        public void keys(RowBlock block, int from, int to) {
            int first = block.row0 + offset;
            int lane0 = Math.max(0, frame.from() - first);
            if (lane0 >= block.count) {
                return;
            }
            if (measuring) {
                distances(block, first, lane0, from, to);
            }
            columns.keys(block, first, lane0, from, to);
        }

        /** Sum of A min(t - s, W): W of all mass, less what lies nearer. */
        private void waad(RowBlock block, int first, int lane0) {
            int window = frame.window();
            Arrays.fill(nearer, 0);
            int end = Math.min(block.key1, first + block.count);
            for (int key = Math.max(block.key0, first - window + 1); key < end; key++) {
                block.weigh(key, ramp, LANES + first - key, nearer);
            }
            for (int lane = lane0; lane < block.count; lane++) {
                double sum = (double) window * block.mass[lane] - nearer[lane];
                waad[first + lane - frame.from()] = Math.max(0, sum);
            }
        }

        private void distances(RowBlock block, int first, int lane0, int from, int to) {
            for (int lane = 0; lane < LANES; lane++) {
                position[lane] = first + (float) lane;
            }
            Arrays.fill(far, 0);
            block.moments(from, to, position, far, largest);
            for (int lane = lane0; lane < block.count; lane++) {
                distance += far[lane];
            }
        }
    }
}
