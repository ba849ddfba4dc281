package org.headlight.analysis.retrieval;

/** The two readings of the retrieval score. */
public enum ScoreKind {
    /** Different tokens that were copied, over different tokens of the needle: the paper. */
    SET("set"),
    /** Steps that copied, over tokens of the needle: the paper's code. */
    COUNT("count");

    private final String key;

    ScoreKind(String key) {
        this.key = key;
    }

    /** For files and programs. */
    public String key() {
        return key;
    }

    /** The score of a head. */
    public double of(HeadScore score) {
        return this == SET ? score.set() : score.count();
    }
}
