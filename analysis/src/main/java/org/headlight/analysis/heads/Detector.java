package org.headlight.analysis.heads;

/**
 * The patterns that TransformerLens's head detector knows, as sets P of cells (q, k) of a causal
 * map over tokens x.
 */
public enum Detector {
    /** (q, q - 1). */
    PREVIOUS,
    /** k before q with the same token. */
    DUPLICATE,
    /** k at or before q, and k - 1 before q with the token of q: what followed an earlier copy. */
    INDUCTION;

    /**
     * How the detector compares a map with a pattern.
     *
     * @param measure the measure of error
     * @param excludeFirst leave out key 0 (their {@code exclude_bos})
     * @param excludeCurrent leave out the diagonal (their {@code exclude_current_token})
     */
    public record Options(Measure measure, boolean excludeFirst, boolean excludeCurrent) {
        /** What the detector does unless told otherwise. */
        public static final Options STANDARD = new Options(Measure.MUL, false, false);
    }

    /** Measures of error. */
    public enum Measure {
        /** Share of the attention that lies on the pattern: sum of A P over sum of A. */
        MUL,
        /** 1 less the sum of |A - P| over N, rounded to 3 digits: up to 1, and negative. */
        ABS
    }
}
