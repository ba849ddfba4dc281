package org.headlight.engine.device;

import java.util.Optional;

/** What a machine has for CUDA. */
public interface GpuMachine {

    /** Its platform. */
    Platform platform();

    /**
     * Whether the system's loader finds a library.
     *
     * @param library its file name, such as libcublas.so.12
     */
    boolean has(String library);

    /** NVIDIA's driver; empty where there is none. */
    Optional<Driver> driver();
}
