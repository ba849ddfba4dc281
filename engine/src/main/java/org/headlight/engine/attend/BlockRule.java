package org.headlight.engine.attend;

/**
 * How blocks are chosen by their scores (XAttention, Xu et al. 2025): of each block row those with
 * the largest scores, until they hold a share of it.
 *
 * @param threshold share of a row's score, above 0 and up to 1
 * @param reference as the published code has it, instead of the fewest blocks that reach it
 * @param chunk block rows that the published code takes at a time, at least 1
 */
public record BlockRule(double threshold, boolean reference, int chunk) {}
