package org.headlight.engine.generate;

import java.util.Random;

/**
 * Chooses tokens. Greedy takes the largest logit, the lowest id among equals. Otherwise a token is
 * drawn from softmax(logits / T), cut to the {@code topK} most probable ones, whose probabilities
 * are divided by their sum, and then to the fewest of these that reach {@code topP}: the order of
 * Hugging Face transformers. One random number a token, from {@link Random} with the seed.
 */
final class Sampler {
    private final Sampling sampling;
    private final Random random;

    Sampler(Sampling sampling) {
        this.sampling = sampling;
        this.random = new Random(sampling.seed());
    }

    /** Chooses the next token. */
    Choice next(Logits logits) {
        int id = sampling.isGreedy() ? logits.best() : drawn(logits);
        return new Choice(id, logits.logProbability(id));
    }

    private int drawn(Logits logits) {
        int[] ranked = logits.ranked();
        int k = sampling.topK() == 0 ? ranked.length : Math.min(sampling.topK(), ranked.length);
        double[] sums = new double[k];
        double sum = 0;
        int kept = 0;
        while (kept < k) {
            double weight = logits.weight(ranked[kept], sampling.temperature());
            if (weight == 0) {
                break;
            }
            sum += weight;
            sums[kept++] = sum;
        }
        kept = sampling.topP() < 1 ? first(sums, kept, sampling.topP() * sum) + 1 : kept;
        double at = random.nextDouble() * sums[kept - 1];
        return ranked[first(sums, kept, Math.nextUp(at))];
    }

    /** The first of the running sums that reaches a number; the last one if none does. */
    private static int first(double[] sums, int count, double number) {
        int at = 0;
        while (at < count - 1 && sums[at] < number) {
            at++;
        }
        return at;
    }
}
