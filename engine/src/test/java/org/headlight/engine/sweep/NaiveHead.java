package org.headlight.engine.sweep;

import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.matrix.Matrix;

import java.util.Random;
import java.util.Set;

/** Attention computed in double precision, cell by cell, straight from its definition. */
public final class NaiveHead {
    private NaiveHead() {}

    /** A matrix over an array. */
    public record ArrayMatrix(int rows, int cols, Cells cells) implements Matrix {
        /** The values of a matrix. */
        public interface Cells {
            float at(int row, int col);
        }

        @Override
        public void copy(
                int row0, int row1, int col0, int col1, float[] target, int offset, int stride) {
            for (int r = row0; r < row1; r++) {
                for (int c = col0; c < col1; c++) {
                    target[offset + (r - row0) * stride + c - col0] = cells.at(r, c);
                }
            }
        }
    }

    /** A matrix of given values. */
    public static Matrix matrix(float[][] values, int cols) {
        return new ArrayMatrix(values.length, cols, (r, c) -> values[r][c]);
    }

    /** A matrix of normal noise. */
    public static Matrix noise(int rows, int cols, double sigma, long seed) {
        Random random = new Random(seed);
        float[][] values = new float[rows][cols];
        for (float[] row : values) {
            for (int c = 0; c < cols; c++) {
                row[c] = (float) (sigma * random.nextGaussian());
            }
        }
        return matrix(values, cols);
    }

    /** A head of noise whose scores have about the given standard deviation. */
    public static QkHead head(
            int rows, int cols, int depth, double spread, AttentionMask mask, long seed) {
        double sigma = Math.sqrt(spread);
        float scale = (float) (1 / Math.sqrt(depth));
        return new QkHead(
                noise(rows, depth, sigma, seed),
                noise(cols, depth, sigma, seed + 1),
                null,
                scale,
                mask);
    }

    /** The same head with a soft cap and a sink logit. */
    public static QkHead with(QkHead head, float softcap, float sink) {
        return new QkHead(head.q(), head.k(), head.v(), head.scale(), head.mask(), softcap, sink);
    }

    /** What a row of a map is. */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares rows
    public record Row(
            double[] p, boolean[] visible, double lse, double dropped, double sinkShare) {}

    /**
     * One row: probabilities with the excluded keys masked, and its log-sum-exp with the sink logit
     * in it; negative infinity where no key is visible.
     */
    public static Row row(HeadAttention head, int row, Set<Integer> excluded) {
        double[] scores = scores((QkHead) head, row);
        double[] kept = scores.clone();
        boolean[] visible = new boolean[scores.length];
        for (int col = 0; col < kept.length; col++) {
            kept[col] = excluded.contains(col) ? Double.NEGATIVE_INFINITY : scores[col];
            visible[col] = kept[col] != Double.NEGATIVE_INFINITY;
        }
        float sink = ((QkHead) head).sink();
        double seen = logSumExp(kept);
        double lse = logSumExp(seen, sink);
        double all = logSumExp(logSumExp(scores), sink);
        double[] p = new double[kept.length];
        for (int col = 0; col < p.length; col++) {
            p[col] = visible[col] ? Math.exp(kept[col] - lse) : 0;
        }
        boolean none = all == Double.NEGATIVE_INFINITY;
        boolean blind = seen == Double.NEGATIVE_INFINITY;
        return new Row(
                p,
                visible,
                blind ? seen : lse,
                none ? 0 : 1 - Math.exp(lse - all),
                blind ? 0 : Math.exp(sink - lse));
    }

    private static double[] scores(QkHead head, int row) {
        int depth = head.q().cols();
        float[] q = new float[depth];
        float[] k = new float[depth];
        head.q().copyRows(row, row + 1, q, 0);
        double[] scores = new double[head.cols()];
        AttentionMask mask = head.mask();
        for (int col = 0; col < head.cols(); col++) {
            if (col < mask.firstKey(row) || col >= mask.endKey(row)) {
                scores[col] = Double.NEGATIVE_INFINITY;
                continue;
            }
            head.k().copyRows(col, col + 1, k, 0);
            double dot = 0;
            for (int c = 0; c < depth; c++) {
                dot += (double) q[c] * k[c];
            }
            double score = dot * head.scale();
            float cap = head.softcap();
            score = cap > 0 ? cap * Math.tanh(score / cap) : score;
            scores[col] = score + mask.bias(row, col);
        }
        return scores;
    }

    private static double logSumExp(double... scores) {
        double max = Double.NEGATIVE_INFINITY;
        for (double score : scores) {
            max = Math.max(max, score);
        }
        double sum = 0;
        for (double score : scores) {
            sum += score == Double.NEGATIVE_INFINITY ? 0 : Math.exp(score - max);
        }
        return sum == 0 ? Double.NEGATIVE_INFINITY : max + Math.log(sum);
    }
}
