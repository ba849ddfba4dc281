package org.headlight.app.rhythm;

import org.headlight.analysis.rhythm.RhythmToken;
import org.headlight.analysis.rhythm.Strategy;

/** By what the tokens of the strip are tinted. */
public enum StripShows {
    WAAD("WAAD"),
    FAI("FAI"),
    WEIGHT("credit weight"),
    ENTROPY("token entropy");

    private final String title;

    StripShows(String title) {
        this.title = title;
    }

    /** For people. */
    public String title() {
        return title;
    }

    /** The number of a token; NaN for none. */
    double of(RhythmToken token, Strategy strategy) {
        return switch (this) {
            case WAAD -> token.waad();
            case FAI -> token.fai();
            case WEIGHT -> Double.isNaN(token.waad()) ? Double.NaN : token.weight().of(strategy);
            case ENTROPY -> token.entropy();
        };
    }
}
