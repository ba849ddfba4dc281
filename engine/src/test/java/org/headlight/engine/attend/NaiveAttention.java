package org.headlight.engine.attend;

import org.headlight.engine.capture.AttentionMask;

/** Attention as the formula says it, in double precision, one query at a time. */
public final class NaiveAttention {

    /** Whether a selection has a pair of query head, query and key. */
    public interface Chosen {
        boolean has(int head, int row, int key);
    }

    private final AttentionInput input;
    private final Chosen chosen;

    NaiveAttention(AttentionInput input, Chosen chosen) {
        this.input = input;
        this.chosen = chosen;
    }

    private boolean sees(int head, int row, int key) {
        AttentionMask mask = input.mask(head);
        return key >= mask.firstKey(row)
                && key < mask.endKey(row)
                && !mask.masked(row, key)
                && chosen.has(head, row, key);
    }

    private double score(int head, int row, int key) {
        HeadArray q = input.q();
        HeadArray k = input.k();
        int keyHead = head * k.heads() / q.heads();
        double dot = 0;
        for (int c = 0; c < q.width(); c++) {
            dot += (double) q.values()[q.at(head, row) + c] * k.values()[k.at(keyHead, key) + c];
        }
        dot *= input.scale();
        if (input.softCap() > 0) {
            dot = input.softCap() * Math.tanh(dot / input.softCap());
        }
        return dot + input.mask(head).bias(row, key);
    }

    /** Output of one query (Dv numbers), and its log-sum-exp as the last number. */
    double[] row(int head, int row) {
        int keys = input.k().rows();
        HeadArray v = input.v();
        int keyHead = head * v.heads() / input.q().heads();
        double[] result = new double[v.width() + 1];
        double[] scores = new double[keys];
        double max = input.sink(head);
        for (int key = 0; key < keys; key++) {
            scores[key] = sees(head, row, key) ? score(head, row, key) : Double.NEGATIVE_INFINITY;
            max = Math.max(max, scores[key]);
        }
        if (max == Double.NEGATIVE_INFINITY) {
            result[v.width()] = max;
            return result;
        }
        double sum = Math.exp(input.sink(head) - max);
        for (int key = 0; key < keys; key++) {
            double p = Math.exp(scores[key] - max);
            sum += p;
            if (p > 0) {
                for (int d = 0; d < v.width(); d++) {
                    result[d] += p * v.values()[v.at(keyHead, key) + d];
                }
            }
        }
        for (int d = 0; d < v.width(); d++) {
            result[d] /= sum;
        }
        result[v.width()] = max + Math.log(sum);
        return result;
    }
}
