package org.headlight.engine.sweep;

import org.headlight.engine.kernel.AttentionKernels;
import org.headlight.engine.kernel.KernelProvider;

import java.util.Set;

/**
 * How a map is walked.
 *
 * @param kernels what computes
 * @param threads how many threads, at least 1
 * @param rowStep 1 for every row; s for rows 0, s, 2s ...: a quick preview
 * @param excludedKeys keys treated as masked, after which each row is renormalised: {@code {0}}
 *     drops the sink
 */
public record SweepOptions(
        AttentionKernels kernels, int threads, int rowStep, Set<Integer> excludedKeys) {

    public SweepOptions {
        if (threads < 1 || rowStep < 1) {
            throw new IllegalArgumentException(
                    "threads (" + threads + ") and row step (" + rowStep + ") must be positive");
        }
        excludedKeys = Set.copyOf(excludedKeys);
    }

    /** Every row and key, by the fastest kernels, on every processor. */
    public static SweepOptions standard() {
        return new SweepOptions(
                KernelProvider.best(), Runtime.getRuntime().availableProcessors(), 1, Set.of());
    }

    public SweepOptions withThreads(int count) {
        return new SweepOptions(kernels, count, rowStep, excludedKeys);
    }

    public SweepOptions withRowStep(int step) {
        return new SweepOptions(kernels, threads, step, excludedKeys);
    }
}
