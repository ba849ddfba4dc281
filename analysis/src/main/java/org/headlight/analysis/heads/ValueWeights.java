package org.headlight.analysis.heads;

import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.matrix.Matrix;

import java.util.Optional;

/**
 * Value-weighted attention: A[q, k] times the length of the value of k, which is what a key can
 * write at most. A key that much attention rests on and whose value is short writes nothing: so a
 * sink shows as one.
 */
public final class ValueWeights {
    private static final int ROWS = 256;

    private final double[] norms;
    private final double[] received;
    private final double mass;
    private final double weighted;

    private ValueWeights(double[] norms, MapSums sums) {
        this.norms = norms;
        this.received = new double[norms.length];
        double all = 0;
        double plain = 0;
        for (int key = 0; key < norms.length; key++) {
            received[key] = norms[key] * sums.column(key);
            all += received[key];
            plain += sums.column(key);
        }
        this.weighted = all;
        this.mass = plain;
    }

    /** The weights of a head; empty where the source has no values. */
    public static Optional<ValueWeights> of(HeadAttention head, MapSums sums) {
        if (!(head instanceof QkHead qk) || qk.v() == null) {
            return Optional.empty();
        }
        Matrix v = qk.v();
        double[] norms = new double[v.rows()];
        float[] rows = new float[ROWS * v.cols()];
        for (int from = 0; from < v.rows(); from += ROWS) {
            int to = Math.min(v.rows(), from + ROWS);
            v.copyRows(from, to, rows, 0);
            for (int key = from; key < to; key++) {
                double square = 0;
                for (int c = 0; c < v.cols(); c++) {
                    double value = rows[(key - from) * v.cols() + c];
                    square += value * value;
                }
                norms[key] = Math.sqrt(square);
            }
        }
        return Optional.of(new ValueWeights(norms, sums));
    }

    /** Keys, M. */
    public int size() {
        return norms.length;
    }

    /** Length of the value of a key. */
    public double norm(int key) {
        return norms[key];
    }

    /** Share of all value-weighted attention that a key received; 0 where all values are 0. */
    public double share(int key) {
        return weighted > 0 ? received[key] / weighted : 0;
    }

    /**
     * How far what keys can write lies from what they are looked at: half the sum over keys of the
     * difference between {@link #share} and their share of the attention, 0 to 1.
     */
    public double shift(MapSums sums) {
        double difference = 0;
        for (int key = 0; key < norms.length; key++) {
            double plain = mass > 0 ? sums.column(key) / mass : 0;
            difference += Math.abs(share(key) - plain);
        }
        return difference / 2;
    }
}
