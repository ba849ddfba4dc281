package org.headlight.engine.model;

import org.headlight.engine.attend.Attention;
import org.headlight.engine.attend.AttentionRunner;
import org.headlight.engine.device.Device;

/** What computes attention between the pieces of a model, on the device that they run on. */
final class SeamRunner {
    private SeamRunner() {}

    /** A runner of its own; whoever asks closes it. */
    static AttentionRunner of(ModelOptions options) {
        return switch (options.device()) {
            case Device.Cpu _, Device.Cuda _ -> new Attention(options.kernels(), options.threads());
        };
    }
}
