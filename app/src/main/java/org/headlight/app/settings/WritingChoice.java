package org.headlight.app.settings;

import org.headlight.engine.generate.GenerationOptions;

/**
 * How a model writes.
 *
 * @param maxTokens the most tokens of a response, {@link #MOST_TOKENS} at most
 * @param temperature T of softmax(logits / T), {@link #HOTTEST} at most; 0 takes the most probable
 *     token
 * @param topK how many of the most probable tokens are drawn from; 0 for all
 * @param topP how much probability they have together at least, above 0; 1 for all
 * @param seed of the draws, 0 or more
 */
public record WritingChoice(int maxTokens, double temperature, int topK, double topP, int seed) {
    /** The longest response that can be asked for, and the most tokens to draw from. */
    public static final int MOST_TOKENS = 1_000_000;

    /** The highest temperature. */
    public static final double HOTTEST = 5;

    /** The smallest share of the probability that can be drawn from. */
    public static final double LEAST_SHARE = 0.01;

    /** The most probable token each time, as on the command line. */
    public static WritingChoice defaults() {
        return new WritingChoice(GenerationOptions.DEFAULT_TOKENS, 0, 0, 1, 0);
    }
}
