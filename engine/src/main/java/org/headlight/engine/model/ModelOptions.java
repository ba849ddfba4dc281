package org.headlight.engine.model;

import org.headlight.engine.device.Device;
import org.headlight.engine.device.DeviceChoice;
import org.headlight.engine.kernel.FlashKernels;
import org.headlight.engine.kernel.KernelProvider;

/**
 * How a model is run.
 *
 * @param threads threads of the runtime, within {@link ThreadBound}
 * @param mapAboveBytes a capture larger than this lives in a mapped temporary file instead of
 *     memory
 * @param chunkBytes what the runtime's score tensors of one chunk of a long text may take; a
 *     smaller number makes smaller chunks
 * @param kernels compute the attention between the pieces of a model; share them, since each object
 *     warms up by itself
 * @param choice the device that was asked for, and the one that is used
 */
public record ModelOptions(
        int threads,
        long mapAboveBytes,
        long chunkBytes,
        FlashKernels kernels,
        DeviceChoice choice) {

    /**
     * The processor, all of its cores; captures above 1 GiB are mapped; 256 MiB for the scores of a
     * chunk.
     */
    public static ModelOptions defaults() {
        return new ModelOptions(
                Runtime.getRuntime().availableProcessors(),
                1L << 30,
                256L << 20,
                KernelProvider.flashBest(),
                DeviceChoice.cpu());
    }

    public ModelOptions {
        ThreadBound.here().checked(threads);
        if (mapAboveBytes < 0 || chunkBytes < 1) {
            throw new IllegalArgumentException("sizes must not be negative");
        }
    }

    public ModelOptions withThreads(int count) {
        return new ModelOptions(count, mapAboveBytes, chunkBytes, kernels, choice);
    }

    public ModelOptions withMapAboveBytes(long bytes) {
        return new ModelOptions(threads, bytes, chunkBytes, kernels, choice);
    }

    public ModelOptions withChunkBytes(long bytes) {
        return new ModelOptions(threads, mapAboveBytes, bytes, kernels, choice);
    }

    public ModelOptions withKernels(FlashKernels shared) {
        return new ModelOptions(threads, mapAboveBytes, chunkBytes, shared, choice);
    }

    /** The same on another device; it is opened there, or on the processor where that fails. */
    public ModelOptions withDevice(Device device) {
        return withChoice(DeviceChoice.of(device));
    }

    /** The same on the device that a choice came to. */
    public ModelOptions withChoice(DeviceChoice made) {
        return new ModelOptions(threads, mapAboveBytes, chunkBytes, kernels, made);
    }

    /** Where the model runs. */
    public Device device() {
        return choice.used();
    }
}
