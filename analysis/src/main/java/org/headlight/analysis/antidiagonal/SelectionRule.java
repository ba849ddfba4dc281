package org.headlight.analysis.antidiagonal;

import java.util.Locale;

/** How blocks are chosen by their scores. */
public enum SelectionRule {
    /**
     * The paper's: the fewest blocks of a row that reach the threshold's share of its score. With a
     * causal mask the first block and the query's own block are always among them.
     */
    MINIMAL,

    /**
     * As the published code does it: the own block is forced, the first one only in later chunks
     * and otherwise let in afterwards, and in the first chunk one block more than needed is taken.
     */
    REFERENCE;

    /** The word of the command line. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
