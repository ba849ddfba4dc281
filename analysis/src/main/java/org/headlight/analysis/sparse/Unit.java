package org.headlight.analysis.sparse;

import java.util.Locale;

/** What is kept or skipped as one piece. */
public enum Unit {
    /** The first keys and a window. */
    BAND,
    /** Blocks of queries by keys. */
    BLOCK,
    /** Single keys for a group of queries, diagonals. */
    COLUMN,
    /** Single keys for a query or for all later queries. */
    TOKEN,
    /** Pages of neighbouring keys for a query. */
    PAGE,
    /** Numbers of a key or value row. */
    ELEMENT,
    /** Nothing is left out; only the order of work changes. */
    NONE;

    /** The word of tables. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
