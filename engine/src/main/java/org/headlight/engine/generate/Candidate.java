package org.headlight.engine.generate;

import org.headlight.engine.token.Token;

/**
 * A token that could have come next.
 *
 * @param token the token, at the position where it would have stood
 * @param logProbability natural logarithm of the model's own probability, before temperature, top-k
 *     and top-p
 */
public record Candidate(Token token, double logProbability) {}
