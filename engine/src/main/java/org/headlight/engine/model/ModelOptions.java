package org.headlight.engine.model;

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
 */
public record ModelOptions(int threads, long mapAboveBytes, long chunkBytes, FlashKernels kernels) {

    /** All processors; captures above 1 GiB are mapped; 256 MiB for the scores of a chunk. */
    public static ModelOptions defaults() {
        return new ModelOptions(
                Runtime.getRuntime().availableProcessors(),
                1L << 30,
                256L << 20,
                KernelProvider.flashBest());
    }

    public ModelOptions {
        ThreadBound.here().checked(threads);
        if (mapAboveBytes < 0 || chunkBytes < 1) {
            throw new IllegalArgumentException("sizes must not be negative");
        }
    }

    public ModelOptions withThreads(int count) {
        return new ModelOptions(count, mapAboveBytes, chunkBytes, kernels);
    }

    public ModelOptions withMapAboveBytes(long bytes) {
        return new ModelOptions(threads, bytes, chunkBytes, kernels);
    }

    public ModelOptions withChunkBytes(long bytes) {
        return new ModelOptions(threads, mapAboveBytes, bytes, kernels);
    }

    public ModelOptions withKernels(FlashKernels shared) {
        return new ModelOptions(threads, mapAboveBytes, chunkBytes, shared);
    }
}
