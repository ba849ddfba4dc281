package org.headlight.analysis.rhythm;

import org.headlight.engine.problem.BadInputException;

/**
 * Which tokens are amplified, and by how much (section 6.3). {@code topShare} and {@code
 * amplification} are the paper's; it leaves the rest open, and the defaults are ours: medians,
 * alpha 0.5, and terms that add up as its formula is written.
 *
 * @param topShare q: the share of tokens that are preplan tokens, and that are anchor tokens
 * @param amplification gamma_amp: the weight of an amplified token
 * @param alpha the part of an anchor's credit that goes back to the token that introduced it, 0 to
 *     1
 * @param waadQuantile the quantile of WAAD that is tau_waad: an anchor at or below it was prepared
 * @param deltaQuantile the quantile of the steps of WAAD that is tau_delta: a step at or above it
 *     prepares
 * @param lookBack k: how many tokens before an anchor may prepare it; the paper names 1, 2 and 3
 * @param overlap what a token gets that is both an anchor and an introduction
 * @param lastStep what the last step of WAAD is, which has no token after it
 */
public record CreditRule(
        double topShare,
        double amplification,
        double alpha,
        double waadQuantile,
        double deltaQuantile,
        int lookBack,
        Overlap overlap,
        LastStep lastStep) {

    /** What a token gets that is both an anchor and an introduction. */
    public enum Overlap {
        /** Both: the terms of the formula add up. */
        ADD,
        /** The introduction's weight alone. */
        OVERWRITE
    }

    /** What the last step of WAAD is. */
    public enum LastStep {
        ZERO,
        MISSING
    }

    /** Checks the numbers. */
    public CreditRule {
        RhythmSettings.share("The share of tokens q", topShare);
        RhythmSettings.quantile("The part alpha", alpha);
        RhythmSettings.quantile("The quantile of WAAD", waadQuantile);
        RhythmSettings.quantile("The quantile of the steps of WAAD", deltaQuantile);
        if (!(amplification >= 0) || Double.isInfinite(amplification)) {
            throw new BadInputException(
                    "The amplification is "
                            + amplification
                            + "; expected a weight from 0 upwards, such as 1.5.");
        }
        if (lookBack < 1) {
            throw new BadInputException(
                    "The number of tokens that may prepare an anchor is "
                            + lookBack
                            + "; expected a whole number from 1, such as 3.");
        }
    }

    /** q 0.4, gamma 1.5, alpha 0.5, medians, k 3, terms that add up, last step 0. */
    public static CreditRule defaults() {
        return new CreditRule(0.4, 1.5, 0.5, 0.5, 0.5, 3, Overlap.ADD, LastStep.ZERO);
    }

    public CreditRule withTopShare(double q) {
        return new CreditRule(
                q, amplification, alpha, waadQuantile, deltaQuantile, lookBack, overlap, lastStep);
    }

    public CreditRule withAlpha(double part) {
        return new CreditRule(
                topShare,
                amplification,
                part,
                waadQuantile,
                deltaQuantile,
                lookBack,
                overlap,
                lastStep);
    }

    public CreditRule withLookBack(int tokens) {
        return new CreditRule(
                topShare,
                amplification,
                alpha,
                waadQuantile,
                deltaQuantile,
                tokens,
                overlap,
                lastStep);
    }

    public CreditRule withOverlap(Overlap other) {
        return new CreditRule(
                topShare,
                amplification,
                alpha,
                waadQuantile,
                deltaQuantile,
                lookBack,
                other,
                lastStep);
    }
}
