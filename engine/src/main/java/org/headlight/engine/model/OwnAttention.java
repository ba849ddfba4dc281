package org.headlight.engine.model;

import org.headlight.engine.attention.AttentionSite;
import org.headlight.engine.attention.AttentionSite.Context;
import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.matrix.Matrix;

import java.util.List;
import java.util.Objects;

/**
 * What the model itself makes of one site, against which a capture is held: its probabilities;
 * where an operator keeps those inside, its result.
 */
sealed interface OwnAttention {
    /** The tensor that holds it. */
    String tensor();

    /**
     * The largest difference to what a capture stands for, over all heads: of probabilities, or of
     * results as a part of the largest one; 1 where shapes differ, or only one has a number.
     */
    double difference(SiteCapture site, float[] own);

    static OwnAttention of(AttentionSite site) {
        String probabilities = site.probabilities();
        Context context = site.context();
        return probabilities == null
                ? new Results(context.tensor(), context.layout())
                : new Probabilities(probabilities);
    }

    /** Probabilities, [B, H, N, M]. */
    record Probabilities(String tensor) implements OwnAttention {
        /** Probabilities of a row this close are the same. */
        private static final double EVEN = 1e-4;

        @Override
        public double difference(SiteCapture site, float[] own) {
            double largest = 0;
            int at = 0;
            for (HeadAttention attention : site.heads()) {
                QkHead head = (QkHead) attention;
                int cols = head.cols();
                if (own.length != (long) site.heads().size() * head.rows() * cols) {
                    return 1;
                }
                ExactRows rows = new ExactRows(head);
                for (int r = 0; r < head.rows(); r++, at += cols) {
                    double row =
                            rows.blind(r) ? seen(own, at, cols) : difference(rows.row(r), own, at);
                    largest = Math.max(largest, row);
                }
            }
            return largest;
        }

        private static double difference(double[] mine, float[] own, int at) {
            double largest = 0;
            for (int c = 0; c < mine.length; c++) {
                if (Double.isNaN(mine[c]) != Float.isNaN(own[at + c])) {
                    return 1;
                }
                if (!Double.isNaN(mine[c])) {
                    largest = Math.max(largest, Math.abs(mine[c] - own[at + c]));
                }
            }
            return largest;
        }

        /**
         * What the model sees in a row where nothing can be seen: nothing where all is the same, as
         * a softmax of equal scores gives it, or 0, or no number; otherwise its largest
         * probability.
         */
        private static double seen(float[] own, int at, int cols) {
            double largest = 0;
            boolean same = true;
            for (int i = at; i < at + cols; i++) {
                boolean number = !Float.isNaN(own[i]);
                largest = number ? Math.max(largest, own[i]) : largest;
                same &= number ? Math.abs(own[i] - own[at]) < EVEN : Float.isNaN(own[at]);
            }
            return same ? 0 : largest;
        }
    }

    /**
     * Probabilities times values. Rows that see no key are left out: operators give 0, no number,
     * or the mean of all values there.
     *
     * @param layout how they are laid out
     */
    record Results(String tensor, Context.Layout layout) implements OwnAttention {
        @Override
        public double difference(SiteCapture site, float[] own) {
            List<QkHead> heads = site.heads().stream().map(h -> (QkHead) h).toList();
            int rows = heads.getFirst().rows();
            int width = values(heads.getFirst()).cols();
            if (own.length != (long) heads.size() * rows * width) {
                return 1;
            }
            double largest = 0;
            double size = 0;
            for (int h = 0; h < heads.size(); h++) {
                ExactRows exact = new ExactRows(heads.get(h));
                for (int r = 0; r < rows; r++) {
                    double[] mine = exact.context(r);
                    int at =
                            layout == Context.Layout.HEADS
                                    ? (h * rows + r) * width
                                    : (r * heads.size() + h) * width;
                    for (int c = 0; c < width && !exact.blind(r); c++) {
                        double difference = Math.abs(mine[c] - own[at + c]);
                        largest = Math.max(largest, difference);
                        size = Math.max(size, Math.abs(own[at + c]));
                    }
                }
            }
            boolean number = !Double.isNaN(largest);
            return number ? largest / Math.max(size, Float.MIN_NORMAL) : 1;
        }
    }

    private static Matrix values(QkHead head) {
        return Objects.requireNonNull(head.v());
    }

    /** One head by the plain definition, in double. */
    final class ExactRows {
        private final QkHead head;
        private final float[] q;
        private final float[] k;
        private final float[] v;

        ExactRows(QkHead head) {
            this.head = head;
            this.q = cells(head.q());
            this.k = cells(head.k());
            this.v = cells(values(head));
        }

        private static float[] cells(Matrix matrix) {
            float[] cells = new float[matrix.rows() * matrix.cols()];
            matrix.copyRows(0, matrix.rows(), cells, 0);
            return cells;
        }

        /** Whether a row sees no key. */
        boolean blind(int row) {
            return head.mask().firstKey(row) >= head.mask().endKey(row);
        }

        /** The probabilities of a row; all 0 when it sees no key. */
        double[] row(int row) {
            int d = head.q().cols();
            double[] p = new double[head.cols()];
            double max = head.sink();
            for (int c = 0; c < p.length; c++) {
                double dot = 0;
                for (int i = 0; i < d; i++) {
                    dot += (double) q[row * d + i] * k[c * d + i];
                }
                float bias = head.mask().bias(row, c);
                p[c] = bias == AttentionMask.MASKED ? bias : capped(dot * head.scale()) + bias;
                max = Math.max(max, p[c]);
            }
            double sum = max == Double.NEGATIVE_INFINITY ? 0 : Math.exp(head.sink() - max);
            for (int c = 0; c < p.length; c++) {
                p[c] = max == Double.NEGATIVE_INFINITY ? 0 : Math.exp(p[c] - max);
                sum += p[c];
            }
            for (int c = 0; c < p.length && sum > 0; c++) {
                p[c] /= sum;
            }
            return p;
        }

        private double capped(double score) {
            return head.softcap() == 0 ? score : head.softcap() * Math.tanh(score / head.softcap());
        }

        /** The probabilities of a row times the values. */
        double[] context(int row) {
            double[] p = row(row);
            int width = values(head).cols();
            double[] sum = new double[width];
            for (int c = 0; c < p.length; c++) {
                for (int i = 0; i < width && p[c] != 0; i++) {
                    sum[i] += p[c] * v[c * width + i];
                }
            }
            return sum;
        }
    }
}
