package org.headlight.engine.model;

import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.matrix.Matrix;

import java.util.Objects;

/** One head of attention by its definition, in double. */
final class NaiveAttention {
    /** What is added to the score of a cell; negative infinity where it does not exist. */
    interface Bias {
        double at(int row, int key);
    }

    final double[][] q;
    final double[][] k;
    final double[][] v;
    final double scale;
    final double softcap;
    final double sink;
    final Bias bias;

    NaiveAttention(
            double[][] q,
            double[][] k,
            double[][] v,
            double scale,
            double softcap,
            double sink,
            Bias bias) {
        this.q = q;
        this.k = k;
        this.v = v;
        this.scale = scale;
        this.softcap = softcap;
        this.sink = sink;
        this.bias = bias;
    }

    /** What a captured head says. */
    static NaiveAttention of(QkHead head) {
        return new NaiveAttention(
                rows(head.q()),
                rows(head.k()),
                rows(Objects.requireNonNull(head.v())),
                head.scale(),
                head.softcap(),
                head.sink(),
                (row, key) -> {
                    float at = head.mask().bias(row, key);
                    return at == AttentionMask.MASKED ? Double.NEGATIVE_INFINITY : at;
                });
    }

    static double[][] rows(Matrix matrix) {
        float[] cells = new float[matrix.rows() * matrix.cols()];
        matrix.copyRows(0, matrix.rows(), cells, 0);
        double[][] rows = new double[matrix.rows()][matrix.cols()];
        for (int i = 0; i < cells.length; i++) {
            rows[i / matrix.cols()][i % matrix.cols()] = cells[i];
        }
        return rows;
    }

    double[] probabilities(int row) {
        double[] p = new double[k.length];
        double max = sink;
        for (int m = 0; m < p.length; m++) {
            double dot = 0;
            for (int d = 0; d < q[row].length; d++) {
                dot += q[row][d] * k[m][d];
            }
            double score = dot * scale;
            p[m] = (softcap == 0 ? score : softcap * Math.tanh(score / softcap)) + bias.at(row, m);
            max = Math.max(max, p[m]);
        }
        double sum = Math.exp(sink - max);
        for (int m = 0; m < p.length; m++) {
            p[m] = Math.exp(p[m] - max);
            sum += p[m];
        }
        for (int m = 0; m < p.length; m++) {
            p[m] /= sum;
        }
        return p;
    }

    double[] context(int row) {
        double[] p = probabilities(row);
        double[] sum = new double[v[0].length];
        for (int m = 0; m < p.length; m++) {
            for (int i = 0; i < sum.length; i++) {
                sum[i] += p[m] * v[m][i];
            }
        }
        return sum;
    }
}
