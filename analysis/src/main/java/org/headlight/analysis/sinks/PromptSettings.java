package org.headlight.analysis.sinks;

import org.headlight.engine.problem.BadInputException;

/**
 * How prompts are made from texts.
 *
 * @param length tokens of every prompt, {@link PromptRate#LENGTH} in the paper; at least 2
 * @param pieces whether a text is cut into as many prompts as it has room for; otherwise its
 *     beginning alone is a prompt
 * @param most how many prompts are run, at most; 100 in the paper
 */
public record PromptSettings(int length, boolean pieces, int most) {
    /** The paper's number of prompts. */
    public static final int PROMPTS = 100;

    /** What the paper does. */
    public static final PromptSettings STANDARD =
            new PromptSettings(PromptRate.LENGTH, false, PROMPTS);

    public PromptSettings {
        PromptRate.checkLength(length);
        if (most < 1) {
            throw new BadInputException(
                    "The number of prompts is " + most + "; expected at least 1.");
        }
    }
}
