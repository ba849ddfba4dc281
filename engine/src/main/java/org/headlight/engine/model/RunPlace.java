package org.headlight.engine.model;

import org.headlight.engine.device.Device;

/**
 * Where and how widely a session runs.
 *
 * @param device the device
 * @param threads threads of the processor
 */
record RunPlace(Device device, int threads) {

    static RunPlace of(ModelOptions options) {
        return new RunPlace(options.device(), options.threads());
    }

    /** The processor. */
    static RunPlace cpu(int threads) {
        return new RunPlace(Device.CPU, threads);
    }
}
