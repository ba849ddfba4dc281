package org.headlight.analysis.sinks;

import org.headlight.engine.problem.BadInputException;

/**
 * A cache that keeps so many keys.
 *
 * @param window all keys kept, the first ones included
 * @param sinks how many of them are the first keys of the text; 4 in StreamingLLM (arXiv
 *     2309.17453)
 */
public record EvictionSettings(int window, int sinks) {
    /** The cache of StreamingLLM's code: 4 first keys and 508 recent ones. */
    public static final EvictionSettings STANDARD = new EvictionSettings(512, 4);

    /**
     * Checks the numbers.
     *
     * @throws BadInputException when no recent key would be kept
     */
    public EvictionSettings {
        if (sinks < 1 || window <= sinks) {
            throw new BadInputException(
                    "A cache of "
                            + window
                            + " keys cannot keep the first "
                            + sinks
                            + "; expected at least 1 first key, and a window larger than that.");
        }
    }

    /** The standard cache, or one of half the text where it would evict nothing. */
    public static EvictionSettings forText(int tokens) {
        int window = tokens > STANDARD.window + 1 ? STANDARD.window : Math.max(2, tokens / 2);
        return new EvictionSettings(window, Math.min(STANDARD.sinks, window - 1));
    }
}
