package org.headlight.engine.generate;

import org.headlight.engine.problem.BadInputException;

/**
 * How the next token is drawn from the model's probabilities.
 *
 * @param temperature T of softmax(logits / T), at least 0; 0 takes the most probable token
 * @param topK only so many of the most probable tokens are drawn from; 0 for all of them
 * @param topP of those, only the fewest of the most probable tokens that together have at least
 *     this probability, above 0 and at most 1; 1 for all of them
 * @param seed of the random numbers: the same seed gives the same text
 */
public record Sampling(double temperature, int topK, double topP, long seed) {
    /**
     * Checks the parameters.
     *
     * @throws BadInputException when one is out of its range
     */
    public Sampling {
        if (!(temperature >= 0) || temperature == Double.POSITIVE_INFINITY) {
            throw new BadInputException(
                    "The temperature is "
                            + temperature
                            + "; expected a number from 0 (the most probable token) upwards, such"
                            + " as 0.8.");
        }
        if (topK < 0) {
            throw new BadInputException(
                    "Top-k is " + topK + "; expected a whole number of tokens, or 0 for all.");
        }
        if (!(topP > 0 && topP <= 1)) {
            throw new BadInputException(
                    "Top-p is " + topP + "; expected a probability above 0 and at most 1.");
        }
    }

    /** Always the most probable token. */
    public static Sampling greedy() {
        return new Sampling(0, 0, 1, 0);
    }

    /** Whether nothing is left to chance. */
    public boolean isGreedy() {
        return temperature == 0;
    }
}
