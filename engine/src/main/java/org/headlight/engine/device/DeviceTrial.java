package org.headlight.engine.device;

import java.util.Optional;

/** Tries a device. */
@FunctionalInterface
public interface DeviceTrial {

    /** Why it cannot be used, one sentence; empty when it can. */
    Optional<String> refusal(Device.Cuda device);
}
