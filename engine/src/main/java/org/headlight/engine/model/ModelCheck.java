package org.headlight.engine.model;

/**
 * The result of a probe.
 *
 * @param tokens tokens in the probe
 * @param maxAbsLogitDiff largest difference of the model's first output between the user's file and
 *     the instrumented graph
 * @param maxAbsProbabilityDiff largest difference between the model's own attention probabilities
 *     and those recomputed from the capture, over all heads
 * @param path {@code whole}: the graph runs in one piece with extra outputs
 */
public record ModelCheck(
        int tokens, double maxAbsLogitDiff, double maxAbsProbabilityDiff, String path) {}
