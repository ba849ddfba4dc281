package org.headlight.engine.attend;

/** Why the processor computes a call though attention runs on a device. */
public enum Detour {
    /** Sending the keys would cost more than the work. */
    FEW_QUERIES("few", "8 queries or fewer"),
    /** No kernel of the device takes them. */
    MASKS("masks", "masks that are numbers, or differ from head to head"),
    /** Single queries have keys of their own. */
    SINGLE_QUERIES("singleQueries", "keys chosen for single queries"),
    /** What is left out shows only while it is computed. */
    SKIPPING("skipping", "skipping by the scores"),
    /** Rows do not fit the device's kernels. */
    WIDTH("width", "heads too wide for the device's kernels"),
    /** A kernel that failed, or gave wrong numbers, when it was tried. */
    REFUSED("refused", "kernels that failed when they were tried"),
    /** Nothing to see, or scores turned around. */
    EMPTY("empty", "no keys, or a scale that is not above 0");

    private final String key;
    private final String words;

    Detour(String key, String words) {
        this.key = key;
        this.words = words;
    }

    /** For documents that programs read. */
    public String key() {
        return key;
    }

    /** For people. */
    public String words() {
        return words;
    }
}
