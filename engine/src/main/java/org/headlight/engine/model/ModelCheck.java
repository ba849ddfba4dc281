package org.headlight.engine.model;

/**
 * The result of a probe.
 *
 * @param tokens tokens in the probe
 * @param maxAbsLogitDiff largest difference of the model's first output between the user's file and
 *     the path that is used
 * @param maxAbsProbabilityDiff largest difference between the model's own attention probabilities
 *     and those recomputed from the capture, over all heads
 * @param path {@code cut}: the graph runs in pieces, with our attention between them; {@code
 *     whole}: it runs in one piece with extra outputs
 * @param wholeReason why it cannot be cut, one clause; empty when it can
 */
public record ModelCheck(
        int tokens,
        double maxAbsLogitDiff,
        double maxAbsProbabilityDiff,
        String path,
        String wholeReason) {

    /** A check without a reason against the cut. */
    public ModelCheck(
            int tokens, double maxAbsLogitDiff, double maxAbsProbabilityDiff, String path) {
        this(tokens, maxAbsLogitDiff, maxAbsProbabilityDiff, path, "");
    }
}
