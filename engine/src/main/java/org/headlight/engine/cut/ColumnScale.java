package org.headlight.engine.cut;

import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.attend.AttentionOutput;
import org.headlight.engine.attend.HeadArray;
import org.headlight.engine.capture.AttentionMask;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * Multiplies the probabilities of chosen keys by factors, in every row. The other keys are attended
 * to by what comes next, without the chosen ones; the two parts are then joined by their
 * log-sum-exp, so that nothing is lost where a chosen key has nearly all of a row.
 */
public final class ColumnScale implements HeadHook {

    /** What becomes of the rest of a row. */
    public enum Rest {
        /** The other probabilities stay; the row no longer sums to 1. */
        UNCHANGED,
        /** The whole row is divided by its new sum. A sink logit of the model goes on to count. */
        ROW,
        /**
         * The chosen probabilities are exactly multiplied, and what they lose goes to the others,
         * in proportion: attention calibration (ACT, Yu et al. 2024). A row without others stays as
         * it is.
         */
        OTHERS
    }

    private final TreeMap<Integer, Float> factors;
    private final Rest rest;

    /**
     * @param factors factor by position of the key; positions that a text does not have do not
     *     matter
     * @throws IllegalArgumentException when a factor is negative or no number, or above 1 where the
     *     others are to get what is lost
     */
    public ColumnScale(Map<Integer, Float> factors, Rest rest) {
        this.factors = new TreeMap<>(factors);
        this.rest = rest;
        for (Map.Entry<Integer, Float> entry : factors.entrySet()) {
            float factor = entry.getValue();
            boolean fits = factor >= 0 && factor < Float.POSITIVE_INFINITY;
            if (!fits || (rest == Rest.OTHERS && factor > 1)) {
                throw new IllegalArgumentException(
                        "the factor of key " + entry.getKey() + " is " + factor);
            }
        }
    }

    @Override
    public void attend(HeadCall head, HeadAttend next, AttentionOutput output) {
        int[] chosen =
                factors.keySet().stream()
                        .mapToInt(Integer::intValue)
                        .filter(head.keys()::has)
                        .map(head.keys()::index)
                        .toArray();
        if (chosen.length == 0) {
            next.attend(head, output);
            return;
        }
        KeptKeys kept = head.keys().without(factors.keySet());
        if (kept.count() == 0) {
            nothing(head.input(), output);
        } else {
            next.attend(head.with(without(head, kept), kept), output);
        }
        join(head, chosen, output);
    }

    /** The result over no keys at all. */
    private static void nothing(AttentionInput input, AttentionOutput output) {
        HeadArray out = output.out();
        for (int row = 0; row < out.rows(); row++) {
            Arrays.fill(out.values(), out.at(0, row), out.at(0, row) + out.width(), 0);
        }
        Arrays.fill(output.lse(), 0, out.rows(), input.sink(0));
    }

    private static AttentionInput without(HeadCall head, KeptKeys kept) {
        AttentionInput input = head.input();
        return AttentionInput.of(
                        input.q(),
                        rows(input.k(), head.keys(), kept),
                        rows(input.v(), head.keys(), kept),
                        input.scale(),
                        head.keys().narrowed(input.mask(0), kept))
                .withSoftCap(input.softCap())
                .withSinks(input.sink(0));
    }

    private static HeadArray rows(HeadArray from, KeptKeys now, KeptKeys kept) {
        int width = from.width();
        float[] to = new float[kept.count() * width];
        for (int i = 0; i < kept.count(); i++) {
            int key = now.index(kept.position(i));
            System.arraycopy(from.values(), from.at(0, key), to, i * width, width);
        }
        return HeadArray.headsFirst(to, 1, kept.count(), width);
    }

    private void join(HeadCall head, int[] chosen, AttentionOutput output) {
        double[] factor = new double[chosen.length];
        for (int i = 0; i < chosen.length; i++) {
            Float known = factors.get(head.keys().position(chosen[i]));
            factor[i] = known == null ? 1 : known;
        }
        Join join = new Join(head.input(), output, chosen, factor, rest);
        for (int row = 0; row < output.out().rows(); row++) {
            join.row(row);
        }
    }

    /** Puts the chosen keys back into the rows of the others. */
    private static final class Join {
        private final AttentionInput input;
        private final AttentionOutput output;
        private final int[] chosen;
        private final double[] factor;
        private final Rest rest;
        private final double[] score;
        private final double[] sum;

        /** The factors in force in the row. */
        private final double[] own;

        Join(
                AttentionInput input,
                AttentionOutput output,
                int[] chosen,
                double[] factor,
                Rest rest) {
            this.input = input;
            this.output = output;
            this.chosen = chosen;
            this.factor = factor;
            this.rest = rest;
            this.score = new double[chosen.length];
            this.sum = new double[output.out().width()];
            this.own = new double[chosen.length];
        }

        void row(int row) {
            double max = output.lse()[row];
            for (int i = 0; i < chosen.length; i++) {
                score[i] = score(input, row, chosen[i]);
                max = Math.max(max, score[i]);
            }
            if (max == Double.NEGATIVE_INFINITY) {
                return;
            }
            boolean alone = output.lse()[row] == Float.NEGATIVE_INFINITY;
            if (alone && rest == Rest.OTHERS) {
                Arrays.fill(own, 1);
            } else {
                System.arraycopy(factor, 0, own, 0, own.length);
            }
            double others = Math.exp(output.lse()[row] - max);
            double before = others;
            double scaled = 0;
            Arrays.fill(sum, 0);
            for (int i = 0; i < chosen.length; i++) {
                double p = Math.exp(score[i] - max);
                before += p;
                scaled += own[i] * p;
                int at = input.v().at(0, chosen[i]);
                for (int d = 0; d < sum.length; d++) {
                    sum[d] += own[i] * p * input.v().values()[at + d];
                }
            }
            double share = rest == Rest.OTHERS ? before - scaled : others;
            double total = rest == Rest.ROW ? others + scaled : before;
            int at = output.out().at(0, row);
            float[] out = output.out().values();
            for (int d = 0; d < sum.length; d++) {
                out[at + d] = total == 0 ? 0 : (float) ((share * out[at + d] + sum[d]) / total);
            }
            output.lse()[row] = (float) (max + Math.log(total));
        }
    }

    /** The score of a cell, as the softmax sees it. */
    private static double score(AttentionInput input, int row, int key) {
        AttentionMask mask = input.mask(0);
        if (key < mask.firstKey(row) || key >= mask.endKey(row) || mask.masked(row, key)) {
            return Double.NEGATIVE_INFINITY;
        }
        HeadArray q = input.q();
        HeadArray k = input.k();
        double dot = 0;
        for (int d = 0; d < q.width(); d++) {
            dot += (double) q.values()[q.at(0, row) + d] * k.values()[k.at(0, key) + d];
        }
        double score = dot * input.scale();
        double cap = input.softCap();
        score = cap > 0 ? cap * Math.tanh(score / cap) : score;
        return score + mask.bias(row, key);
    }
}
