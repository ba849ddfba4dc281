package org.headlight.viz.control.profile;

/** Which line through the map a profile is. */
public enum ProfileKind {
    /** What one query attends to: a row, over the keys. */
    ROW,
    /** Who attends to one key: a column, over the queries. */
    COLUMN
}
