package org.headlight.engine.generate;

import org.headlight.engine.token.Token;

import java.util.List;

/**
 * One token of a response.
 *
 * @param token the token; its position counts from the start of the prompt
 * @param text what it adds to the text of the response: whole characters only, so that a token that
 *     ends inside a character adds nothing and the one that completes it adds the character
 * @param logProbability natural logarithm of the model's own probability, before temperature, top-k
 *     and top-p
 * @param candidates the most probable tokens of this step, best first; ties to the lower id
 */
public record GeneratedToken(
        Token token, String text, double logProbability, List<Candidate> candidates) {}
