package org.headlight.analysis.sparse.run;

/**
 * What became of a needle in the rows that answer: the last query of the prompt and, in decoding,
 * every step.
 *
 * @param kept mean share of the needle's keys that are kept, over rows and sparse heads
 * @param mass mean share of the needle's dense probability that is kept, over the same, weighed by
 *     that probability; NaN where the needle has none
 * @param lostHeads sparse heads that keep no key of it in any of the rows
 * @param heads sparse heads that were looked at
 */
public record NeedleFate(double kept, double mass, int lostHeads, int heads) {}
