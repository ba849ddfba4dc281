package org.headlight.analysis.sparse.select;

import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.attend.HeadArray;
import org.headlight.engine.capture.AttentionMask;

import java.util.Arrays;

/** Scores and probabilities of single queries, for choices that look at a few rows. */
public final class Rows {
    private Rows() {}

    /** The dot product of two rows. */
    public static float dot(float[] a, int atA, float[] b, int atB, int width) {
        float s0 = 0;
        float s1 = 0;
        float s2 = 0;
        float s3 = 0;
        int d = 0;
        for (; d + 3 < width; d += 4) {
            s0 += a[atA + d] * b[atB + d];
            s1 += a[atA + d + 1] * b[atB + d + 1];
            s2 += a[atA + d + 2] * b[atB + d + 2];
            s3 += a[atA + d + 3] * b[atB + d + 3];
        }
        for (; d < width; d++) {
            s0 += a[atA + d] * b[atB + d];
        }
        return (s0 + s1) + (s2 + s3);
    }

    /** The score of a pair as the softmax sees it: scaled, capped, with the mask's bias. */
    public static double score(AttentionInput input, int head, int row, int key) {
        HeadArray q = input.q();
        HeadArray k = input.k();
        int at = k.at(input.keyHead(head), key);
        double score =
                (double) dot(q.values(), q.at(head, row), k.values(), at, q.width())
                        * input.scale();
        double cap = input.softCap();
        score = cap > 0 ? cap * Math.tanh(score / cap) : score;
        AttentionMask mask = input.mask(head);
        return mask.unbiased() ? score : score + mask.bias(row, key);
    }

    /**
     * Scores of a query as the softmax sees them: scaled, capped, with the mask's bias.
     *
     * @param target receives a score for each key; negative infinity where the query does not look
     */
    public static void scores(AttentionInput input, int head, int row, double[] target) {
        HeadArray q = input.q();
        HeadArray k = input.k();
        AttentionMask mask = input.mask(head);
        int keyHead = input.keyHead(head);
        int first = Math.max(0, mask.firstKey(row));
        int end = Math.min(k.rows(), mask.endKey(row));
        Arrays.fill(target, 0, k.rows(), Double.NEGATIVE_INFINITY);
        boolean plain = !(input.softCap() > 0) && mask.unbiased();
        int at = q.at(head, row);
        for (int key = first; key < end; key++) {
            target[key] =
                    plain
                            ? (double)
                                            dot(
                                                    q.values(),
                                                    at,
                                                    k.values(),
                                                    k.at(keyHead, key),
                                                    q.width())
                                    * input.scale()
                            : score(input, head, row, key);
        }
    }

    /**
     * Probabilities of a query, its sink logit counted.
     *
     * @param target receives a probability for each key, M
     */
    public static void probabilities(AttentionInput input, int head, int row, double[] target) {
        scores(input, head, row, target);
        soften(target, input.k().rows(), input.sink(head));
    }

    /**
     * Softmax in place; all zero where there is nothing to see.
     *
     * @param sink a score without a key; negative infinity for none
     */
    public static void soften(double[] scores, int count, double sink) {
        double max = sink;
        for (int i = 0; i < count; i++) {
            max = Math.max(max, scores[i]);
        }
        if (max == Double.NEGATIVE_INFINITY) {
            Arrays.fill(scores, 0, count, 0);
            return;
        }
        double sum = Math.exp(sink - max);
        for (int i = 0; i < count; i++) {
            scores[i] = scores[i] == Double.NEGATIVE_INFINITY ? 0 : Math.exp(scores[i] - max);
            sum += scores[i];
        }
        for (int i = 0; i < count; i++) {
            scores[i] /= sum;
        }
    }
}
