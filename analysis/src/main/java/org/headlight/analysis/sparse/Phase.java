package org.headlight.analysis.sparse;

import java.util.Locale;

/** When a policy acts. */
public enum Phase {
    /** While the prompt is read: its queries attend to chosen keys. */
    PREFILL,

    /** While the response is written: each new token attends to chosen keys. */
    DECODE,

    /** In both. */
    BOTH;

    /** Whether this covers a phase of a run. */
    public boolean covers(Phase phase) {
        return this == BOTH || this == phase;
    }

    /** The word of tables. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
