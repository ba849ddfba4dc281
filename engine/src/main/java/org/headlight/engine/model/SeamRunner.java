package org.headlight.engine.model;

import org.headlight.engine.attend.Attention;
import org.headlight.engine.attend.AttentionRunner;
import org.headlight.engine.cuda.CudaAttention;
import org.headlight.engine.cuda.Precision;
import org.headlight.engine.device.Device;

import java.nio.file.Path;
import java.util.Optional;

/** What computes attention between the pieces of a model, on the device that they run on. */
final class SeamRunner {
    /** The folder with the runtime's libraries, where CUDA's may lie too. */
    private static final String NATIVES = "onnxruntime.native.path";

    private SeamRunner() {}

    /**
     * A runner of its own; whoever asks closes it. On a GPU it is our kernels for CUDA, or those of
     * the processor where CUDA's compiler is not found.
     *
     * @param halves whether the model computes in halves
     */
    static AttentionRunner of(ModelOptions options, boolean halves) {
        AttentionRunner processor = new Attention(options.kernels(), options.threads());
        return switch (options.device()) {
            case Device.Cpu _ -> processor;
            case Device.Cuda cuda ->
                    CudaAttention.open(
                            cuda.index(),
                            Optional.ofNullable(System.getProperty(NATIVES)).map(Path::of),
                            halves ? Precision.FP16 : Precision.FP32,
                            processor);
        };
    }
}
