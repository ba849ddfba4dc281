package org.headlight.viz.control.strip;

/** What a click on a token picks. */
public enum PickMode {
    /** The query: the row of the map. */
    QUERY,
    /** The key: the column of the map. */
    KEY
}
