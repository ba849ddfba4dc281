package org.headlight.analysis.retrieval;

/** When heads are masked. */
public enum MaskPhase {
    /** In decoding steps alone, the last token of the prompt included: the paper's experiment. */
    DECODE("decode"),
    /** While the prompt is read, too. */
    ALL("all");

    private final String key;

    MaskPhase(String key) {
        this.key = key;
    }

    /** For files and programs. */
    public String key() {
        return key;
    }
}
