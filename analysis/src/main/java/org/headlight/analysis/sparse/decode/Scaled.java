package org.headlight.analysis.sparse.decode;

/** Sizes for texts that are shorter than those of the papers. The rules are ours. */
final class Scaled {
    private Scaled() {}

    /** An eighth of the tokens, at least 16, at the most what the paper has. */
    static int eighth(int tokens, int paper) {
        return Math.clamp(tokens / 8, Math.min(16, paper), paper);
    }

    /** First layers that stay dense: as set, but at the most a quarter of the model. */
    static int denseLayers(int set, int layers) {
        return Math.min(set, layers / 4);
    }
}
