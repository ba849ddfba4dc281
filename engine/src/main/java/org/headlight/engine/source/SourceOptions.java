package org.headlight.engine.source;

import org.headlight.engine.kernel.FlashKernels;
import org.headlight.engine.kernel.KernelProvider;
import org.headlight.engine.model.ThreadBound;

/**
 * How a source is opened.
 *
 * @param threads threads of the runtime, within {@link ThreadBound}
 * @param kernels compute the attention between the pieces of a model; share them between sources,
 *     since each object warms up by itself
 */
public record SourceOptions(int threads, FlashKernels kernels) {
    public SourceOptions {
        ThreadBound.here().checked(threads);
    }

    /** One thread a processor, and the fastest kernels of this machine. */
    public static SourceOptions defaults() {
        return new SourceOptions(
                Runtime.getRuntime().availableProcessors(), KernelProvider.flashBest());
    }

    public SourceOptions withThreads(int count) {
        return new SourceOptions(count, kernels);
    }
}
