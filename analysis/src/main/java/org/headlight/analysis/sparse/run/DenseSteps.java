package org.headlight.analysis.sparse.run;

/**
 * Dense attention whose continuation is computed query by query, as decoding does: what a decode
 * policy is held against. A run over the whole text at once, which takes 64 queries together, is
 * faster and reads less than any decoding can.
 *
 * @param attend milliseconds of attention, prompt and continuation
 * @param decode milliseconds of it that the continuation took
 * @param bytes of queries, keys and values that were asked for, prompt and continuation
 */
public record DenseSteps(double attend, double decode, long bytes) {}
