package org.headlight.analysis.sparse;

import java.util.Locale;

/** What may honestly be claimed for a policy on a model that was not trained for it. */
public enum Honesty {
    /** The method itself: it needs no training. */
    FULL,
    /** Stands in for a method whose trained parts are missing; not that method. */
    SURROGATE,
    /** An upper bound that reads the dense map first: never a speed-up. */
    ORACLE;

    /** The word of tables and of the command line. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
