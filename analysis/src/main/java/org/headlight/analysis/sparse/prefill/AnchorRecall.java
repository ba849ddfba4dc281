package org.headlight.analysis.sparse.prefill;

import org.headlight.analysis.sparse.select.Rows;
import org.headlight.engine.attend.AttentionInput;

/**
 * The smallest theta with which sampled queries of a head keep a share of their attention. The
 * margins are counted in steps of a quarter of a logit.
 */
final class AnchorRecall {
    private static final int SAMPLES = 64;
    private static final double FINENESS = 4;
    private static final int STEPS = 400;

    private final AttentionInput input;
    private final int head;
    private final AnchorMargins margins;

    AnchorRecall(AttentionInput input, int head, AnchorMargins margins) {
        this.input = input;
        this.head = head;
        this.margins = margins;
    }

    /**
     * The theta.
     *
     * @param own margins of the head, by group
     * @param share of the attention that is to be kept on average
     */
    double theta(float[][] own, double share) {
        int first = 0;
        while (first < own.length && own[first].length == 0) {
            first++;
        }
        int from = first * margins.group();
        int queries = own.length * margins.group() - from;
        if (queries <= 0) {
            return 0;
        }
        double[] gained = new double[STEPS + 1];
        double[] p = new double[input.k().rows()];
        int samples = Math.min(SAMPLES, queries);
        double held = 0;
        for (int s = 0; s < samples; s++) {
            int row = from + (int) ((s + 0.5) * queries / samples);
            Rows.probabilities(input, head, row, p);
            double candidates = 0;
            float[] list = own[row / margins.group()];
            for (int i = 0; i < list.length; i++) {
                double mass = p[margins.block() + i];
                int step = (int) Math.ceil(Math.max(0, list[i]) * FINENESS);
                gained[Math.min(STEPS, step)] += mass;
                candidates += mass;
            }
            held += 1 - candidates;
        }
        int step = -1;
        while (step < STEPS && (step < 0 || held < share * samples)) {
            step++;
            held += gained[step];
        }
        return step / FINENESS;
    }
}
