package org.headlight.analysis.rhythm;

import java.util.List;

/**
 * Preplan and anchor tokens, and what each token is worth (section 6.3). Arrays run over the tokens
 * of the response.
 */
final class Credit {
    final double[] step;
    final boolean[] preplan;
    final boolean[] anchor;
    final boolean[] prepared;
    final boolean[] introduces;
    final double tauWaad;
    final double tauStep;
    private final CreditRule rule;

    /**
     * Computes.
     *
     * @param waad [R]
     * @param fai [R], NaN where missing
     */
    Credit(double[] waad, double[] fai, CreditRule rule) {
        this.rule = rule;
        int n = waad.length;
        step = steps(waad, rule.lastStep());
        preplan = set(n, TopShare.indices(step, rule.topShare()));
        anchor = set(n, TopShare.indices(fai, rule.topShare()));
        prepared = new boolean[n];
        introduces = new boolean[n];
        tauWaad = Quantile.of(waad, rule.waadQuantile());
        tauStep = Quantile.of(step, rule.deltaQuantile());
        for (int t = 0; t < n; t++) {
            int best = anchor[t] && waad[t] <= tauWaad ? largestStepBefore(t) : -1;
            if (best >= 0 && step[best] >= tauStep) {
                prepared[t] = true;
                introduces[best] = true;
            }
        }
    }

    private static double[] steps(double[] waad, CreditRule.LastStep last) {
        double[] steps = new double[waad.length];
        for (int t = 0; t + 1 < steps.length; t++) {
            steps[t] = Math.abs(waad[t] - waad[t + 1]);
        }
        if (steps.length > 0 && last == CreditRule.LastStep.MISSING) {
            steps[steps.length - 1] = Double.NaN;
        }
        return steps;
    }

    private static boolean[] set(int size, List<Integer> indices) {
        boolean[] set = new boolean[size];
        indices.forEach(i -> set[i] = true);
        return set;
    }

    /** Among the k tokens before; the earliest of equal ones; -1 when there is none. */
    private int largestStepBefore(int token) {
        int best = -1;
        for (int u = Math.max(0, token - rule.lookBack()); u < token; u++) {
            if (best < 0 || step[u] > step[best]) {
                best = u;
            }
        }
        return best;
    }

    /** What a token of the response is worth. */
    RhythmToken.Weights weights(int token) {
        double more = rule.amplification() - 1;
        return new RhythmToken.Weights(
                1 + (preplan[token] ? more : 0),
                1 + (anchor[token] ? more : 0),
                1 + more * coupled(token));
    }

    private double coupled(int token) {
        double own = prepared[token] ? 1 - rule.alpha() : anchor[token] ? 1 : 0;
        if (!introduces[token]) {
            return own;
        }
        return rule.overlap() == CreditRule.Overlap.ADD ? own + rule.alpha() : rule.alpha();
    }
}
