package org.headlight.engine.generate;

import org.headlight.engine.problem.BadInputException;

/**
 * What is wanted of a response.
 *
 * @param maxTokens the most tokens that it has, at least 1
 * @param sampling how they are drawn
 * @param ignoreEnd whether to write on after an end-of-text token
 */
public record GenerationOptions(int maxTokens, Sampling sampling, boolean ignoreEnd) {
    /** Tokens where nobody says how many. */
    public static final int DEFAULT_TOKENS = 64;

    /**
     * Checks the number of tokens.
     *
     * @throws BadInputException when it is less than 1
     */
    public GenerationOptions {
        if (maxTokens < 1) {
            throw new BadInputException(
                    "The response is to have " + maxTokens + " tokens; expected at least 1.");
        }
    }

    /** The most probable token each time, until the end of text. */
    public static GenerationOptions greedy(int maxTokens) {
        return new GenerationOptions(maxTokens, Sampling.greedy(), false);
    }
}
