package org.headlight.analysis.heads;

/** What a head mostly does on a text, in one word. */
public enum HeadKind {
    PREVIOUS("previous token", "At least 0.4 of a row on the token before."),
    CURRENT("current token", "At least 0.4 of a row on the token itself."),
    DUPLICATE(
            "duplicate token",
            "At least 0.4 on earlier copies of the token, in the rows that have one."),
    INDUCTION(
            "induction",
            "At least 0.4 on what followed an earlier copy of the token, in the rows that have"
                    + " one."),
    SINK("sink", "At least 0.4 of a row on the first key."),
    LOCAL("local", "At least 0.6 of a row within four tokens."),
    EVEN("even", "Entropy at least 0.9 of that of a row spread evenly."),
    MIXED("mixed", "None of the others."),
    /** Cross-attention, where positions of queries and keys are not comparable. */
    CROSS("cross-attention", "Queries and keys are different sequences.");

    private final String label;
    private final String rule;

    HeadKind(String label, String rule) {
        this.label = label;
        this.rule = rule;
    }

    /** Such as "previous token". */
    public String label() {
        return label;
    }

    /** When a head is called so. */
    public String rule() {
        return rule;
    }

    /**
     * The kind of a head: of the five that say where it looks, the strongest, and the more telling
     * first where two are as strong; else local, even or mixed.
     */
    static HeadKind of(RowShares shares) {
        HeadKind best = MIXED;
        double most = RowShares.STRONG;
        for (HeadKind kind : new HeadKind[] {INDUCTION, DUPLICATE, PREVIOUS, SINK, CURRENT}) {
            double strength =
                    switch (kind) {
                        case INDUCTION -> shares.induction();
                        case DUPLICATE -> shares.duplicate();
                        case PREVIOUS -> shares.previous();
                        case SINK -> shares.first();
                        default -> shares.current();
                    };
            if (strength >= most && (best == MIXED || strength > most)) {
                best = kind;
                most = strength;
            }
        }
        if (best != MIXED) {
            return best;
        }
        if (shares.near() >= RowShares.NEAR) {
            return LOCAL;
        }
        return shares.evenness() >= RowShares.EVEN ? EVEN : MIXED;
    }
}
