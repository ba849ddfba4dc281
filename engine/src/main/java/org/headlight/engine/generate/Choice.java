package org.headlight.engine.generate;

/**
 * A token that was chosen.
 *
 * @param id the token
 * @param logProbability natural logarithm of the model's own probability
 */
record Choice(int id, double logProbability) {}
