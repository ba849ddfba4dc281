package org.headlight.analysis.influence;

import org.headlight.engine.problem.BadInputException;

/**
 * The synthetic task by which important heads are found: a JSON object of random keys and natural
 * sentences, solved examples, and one more key to look up. The numbers are the paper's, but for
 * {@code settle} and the seed, which are ours.
 *
 * @param samples how many are made; 800 in the paper
 * @param keyLength letters and digits of a key; 32 in the paper
 * @param valueTokens the most tokens of a value; 30 in the paper
 * @param examples solved examples before the question; 3 in the paper
 * @param context the most tokens of a sample, its answer included; 4,096 in the paper, and never
 *     more than the model was made for
 * @param settle samples without a change among the chosen heads after which no more are run; 0 runs
 *     all of them, as the paper does
 * @param seed of keys, values and their order
 */
public record KeyValueTask(
        int samples,
        int keyLength,
        int valueTokens,
        int examples,
        int context,
        int settle,
        long seed) {
    /** Samples without a change after which the heads count as found. */
    public static final int SETTLED = 64;

    /** Checks the numbers. */
    public KeyValueTask {
        least("samples", samples, 1);
        least("letters of a key", keyLength, 1);
        least("tokens of a value", valueTokens, 1);
        least("examples", examples, 0);
        least("tokens of context", context, 8);
        least("samples without a change", settle, 0);
    }

    /** The paper's numbers, ended early when the heads have settled. */
    public static KeyValueTask defaults() {
        return new KeyValueTask(800, 32, 30, 3, 4096, SETTLED, 0);
    }

    private static void least(String what, int value, int least) {
        if (value < least) {
            throw new BadInputException(
                    "The number of "
                            + what
                            + " is "
                            + value
                            + "; expected a whole number from "
                            + least
                            + ".");
        }
    }

    public KeyValueTask withSamples(int count) {
        return new KeyValueTask(count, keyLength, valueTokens, examples, context, settle, seed);
    }

    public KeyValueTask withKeyLength(int letters) {
        return new KeyValueTask(samples, letters, valueTokens, examples, context, settle, seed);
    }

    public KeyValueTask withContext(int tokens) {
        return new KeyValueTask(samples, keyLength, valueTokens, examples, tokens, settle, seed);
    }

    public KeyValueTask withSettle(int unchanged) {
        return new KeyValueTask(
                samples, keyLength, valueTokens, examples, context, unchanged, seed);
    }

    public KeyValueTask withSeed(long other) {
        return new KeyValueTask(samples, keyLength, valueTokens, examples, context, settle, other);
    }
}
