package org.headlight.analysis.rhythm;

import org.headlight.engine.problem.BadInputException;

/**
 * Everything that can be chosen. Where the paper gives a value it is the default; where it gives
 * none, the default is ours and its documentation says so.
 *
 * @param window W: distances are cut at so many tokens
 * @param horizon which later queries count for a token's influence
 * @param heads which heads are local and which global
 * @param peaks what counts as a peak
 * @param credit which tokens are amplified, and by how much
 * @param receivers which heads are receivers
 * @param shuffles what coupling is held against
 */
public record RhythmSettings(
        int window,
        Horizon horizon,
        HeadRule heads,
        PeakRule peaks,
        CreditRule credit,
        ReceiverRule receivers,
        ShuffleRule shuffles) {
    /** W of the paper. */
    public static final int WINDOW = 10;

    /**
     * Checks the window.
     *
     * @throws BadInputException when it is less than 1
     */
    public RhythmSettings {
        if (window < 1) {
            throw new BadInputException(
                    "The window W is " + window + "; expected a whole number of tokens from 1.");
        }
    }

    /** The defaults. */
    public static RhythmSettings defaults() {
        return new RhythmSettings(
                WINDOW,
                Horizon.CREDIT,
                HeadRule.defaults(),
                PeakRule.defaults(),
                CreditRule.defaults(),
                ReceiverRule.defaults(),
                ShuffleRule.defaults());
    }

    public RhythmSettings withWindow(int tokens) {
        return new RhythmSettings(tokens, horizon, heads, peaks, credit, receivers, shuffles);
    }

    public RhythmSettings withHorizon(Horizon other) {
        return new RhythmSettings(window, other, heads, peaks, credit, receivers, shuffles);
    }

    public RhythmSettings withHeads(HeadRule other) {
        return new RhythmSettings(window, horizon, other, peaks, credit, receivers, shuffles);
    }

    public RhythmSettings withPeaks(PeakRule other) {
        return new RhythmSettings(window, horizon, heads, other, credit, receivers, shuffles);
    }

    public RhythmSettings withCredit(CreditRule other) {
        return new RhythmSettings(window, horizon, heads, peaks, other, receivers, shuffles);
    }

    public RhythmSettings withReceivers(ReceiverRule other) {
        return new RhythmSettings(window, horizon, heads, peaks, credit, other, shuffles);
    }

    public RhythmSettings withShuffles(ShuffleRule other) {
        return new RhythmSettings(window, horizon, heads, peaks, credit, receivers, other);
    }

    /** Refuses what is no share of something. */
    static double share(String what, double value) {
        if (!(value > 0 && value <= 1)) {
            throw new BadInputException(
                    what + " is " + value + "; expected a share above 0 and at most 1.");
        }
        return value;
    }

    /** Refuses what is no quantile. */
    static double quantile(String what, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new BadInputException(what + " is " + value + "; expected a number from 0 to 1.");
        }
        return value;
    }
}
