package org.headlight.analysis.sinks;

/**
 * The loss with one cache.
 *
 * @param name for people, such as "last 512" or "first 4 + last 508"
 * @param first first keys kept
 * @param recent recent keys kept; 0 for all keys
 * @param loss mean cross-entropy of the tokens foretold after something was evicted, nats
 * @param lossAll the same over the whole text
 * @param seconds time of the run
 */
public record EvictionCase(
        String name, int first, int recent, double loss, double lossAll, double seconds) {

    /** The perplexity after something was evicted. */
    public double perplexity() {
        return Math.exp(loss);
    }
}
