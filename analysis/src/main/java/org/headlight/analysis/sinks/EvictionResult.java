package org.headlight.analysis.sinks;

import java.util.List;

/**
 * Continuation losses with several caches of one size.
 *
 * @param settings the cache
 * @param foretold how many tokens the losses after eviction are over
 * @param cases all keys; the window alone; the window with the first keys kept; the window with key
 *     0 kept
 * @param curves the loss of each token, [N - 1], case by case
 */
public record EvictionResult(
        EvictionSettings settings, int foretold, List<EvictionCase> cases, List<double[]> curves) {
    public EvictionResult {
        cases = List.copyOf(cases);
        curves = curves.stream().map(double[]::clone).toList();
    }
}
