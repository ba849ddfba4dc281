package org.headlight.analysis.rhythm;

/**
 * One head over a response.
 *
 * @param layer zero-based layer
 * @param head zero-based head
 * @param name such as L3H5
 * @param distance d (equation 7): mean over the response of sum A[t, s] (t - s), in tokens; without
 *     the first key where {@link HeadRule#withoutFirstKey} says so
 * @param kurtosis how unevenly later sentences look at earlier ones: excess kurtosis of the
 *     vertical scores of sentences ("Thought Anchors"); NaN where there are too few sentences
 */
public record RhythmHead(int layer, int head, String name, double distance, double kurtosis) {}
