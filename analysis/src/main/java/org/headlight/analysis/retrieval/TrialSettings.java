package org.headlight.analysis.retrieval;

import org.headlight.engine.problem.BadInputException;

/**
 * How a trial is made and judged. The defaults are those of the paper's code.
 *
 * @param maxTokens the most tokens of a response, all of which count
 * @param topK a head copies a token when one of its so many largest weights is on it; the paper's
 *     definition is 1
 * @param success a trial succeeds when its ROUGE-1 recall is above this
 */
public record TrialSettings(int maxTokens, int topK, double success) {
    /** As in the paper's code. */
    public static final TrialSettings DEFAULT = new TrialSettings(50, 1, 0.5);

    /**
     * Checks the numbers.
     *
     * @throws BadInputException when one is out of its range
     */
    public TrialSettings {
        if (maxTokens < 1) {
            throw new BadInputException(
                    "The response is to have " + maxTokens + " tokens; expected at least 1.");
        }
        if (topK < 1) {
            throw new BadInputException(
                    "Top-k of the step rule is " + topK + "; expected at least 1.");
        }
        if (!(success >= 0 && success < 1)) {
            throw new BadInputException(
                    "The recall of a success is "
                            + success
                            + "; expected a number from 0 to less than 1, such as 0.5.");
        }
    }
}
