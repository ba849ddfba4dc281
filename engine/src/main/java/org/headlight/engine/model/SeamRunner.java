package org.headlight.engine.model;

import org.headlight.engine.attend.Attention;
import org.headlight.engine.attend.AttentionRunner;
import org.headlight.engine.cuda.CudaOpening;
import org.headlight.engine.cuda.GpuAccess;
import org.headlight.engine.cuda.Precision;
import org.headlight.engine.device.AttentionPlace;
import org.headlight.engine.device.Device;
import org.headlight.engine.device.RuntimeLibrary;

/**
 * What computes attention between the pieces of a model, on the device that they run on: our
 * kernels for CUDA, or those of the processor where they are not to be had, for a reason.
 */
final class SeamRunner {
    private final ModelOptions options;
    private final GpuAccess access;
    private volatile AttentionPlace place;

    SeamRunner(ModelOptions options) {
        this(options, GpuAccess.here(RuntimeLibrary.ofProcess().folder()));
    }

    SeamRunner(ModelOptions options, GpuAccess access) {
        this.options = options;
        this.access = access;
        this.place =
                switch (options.device()) {
                    case Device.Cpu _ -> AttentionPlace.cpu();
                    case Device.Cuda cuda -> new CudaOpening(access, cuda).expected();
                };
    }

    /** Where attention is computed; as far as one can tell until it was opened. */
    AttentionPlace place() {
        return place;
    }

    /**
     * A runner of its own; whoever asks closes it.
     *
     * @param halves whether the model computes in halves
     * @param sizes the widths of its heads
     */
    AttentionRunner open(boolean halves, SiteSizes sizes) {
        AttentionRunner processor = new Attention(options.kernels(), options.threads());
        return switch (options.device()) {
            case Device.Cpu _ -> processor;
            case Device.Cuda cuda -> {
                CudaOpening.Outcome opened =
                        new CudaOpening(access, cuda)
                                .open(
                                        halves ? Precision.FP16 : Precision.FP32,
                                        sizes.queryDim(),
                                        sizes.valueDim(),
                                        processor);
                place = opened.place();
                yield opened.runner();
            }
        };
    }
}
