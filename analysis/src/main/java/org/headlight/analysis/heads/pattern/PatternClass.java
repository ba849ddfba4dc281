package org.headlight.analysis.heads.pattern;

/** MInference's families of patterns. */
public enum PatternClass {
    A_SHAPE("A-shape"),
    VERTICAL_SLASH("vertical-slash"),
    BLOCK_SPARSE("block-sparse");

    private final String label;

    PatternClass(String label) {
        this.label = label;
    }

    /** Such as "vertical-slash". */
    public String label() {
        return label;
    }
}
