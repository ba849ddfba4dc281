package org.headlight.engine.source;

import org.headlight.engine.device.DeviceChoice;
import org.headlight.engine.kernel.FlashKernels;
import org.headlight.engine.kernel.KernelProvider;
import org.headlight.engine.model.ThreadBound;

/**
 * How a source is opened.
 *
 * @param threads threads of the runtime, within {@link ThreadBound}
 * @param kernels compute the attention between the pieces of a model; share them between sources,
 *     since each object warms up by itself
 * @param device where models run
 */
public record SourceOptions(int threads, FlashKernels kernels, DeviceChoice device) {
    public SourceOptions {
        ThreadBound.here().checked(threads);
    }

    /** The processor, one thread a core, and the fastest kernels of this machine. */
    public static SourceOptions defaults() {
        return new SourceOptions(
                Runtime.getRuntime().availableProcessors(),
                KernelProvider.flashBest(),
                DeviceChoice.cpu());
    }

    public SourceOptions withThreads(int count) {
        return new SourceOptions(count, kernels, device);
    }

    public SourceOptions withDevice(DeviceChoice choice) {
        return new SourceOptions(threads, kernels, choice);
    }
}
