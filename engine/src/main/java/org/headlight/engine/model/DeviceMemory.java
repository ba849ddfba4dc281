package org.headlight.engine.model;

import org.headlight.engine.device.Device;
import org.headlight.engine.device.Gpu;
import org.headlight.engine.device.GpuMachine;

import java.util.OptionalLong;

/**
 * Memory that a run on a CUDA device can take.
 *
 * @param host of the machine around it
 * @param gpus tells what the device has free
 * @param cuda the device
 */
record DeviceMemory(FreeMemory host, GpuMachine gpus, Device.Cuda cuda) implements FreeMemory {
    @Override
    public long machine() {
        return host.machine();
    }

    @Override
    public long heap() {
        return host.heap();
    }

    @Override
    public OptionalLong device() {
        return gpus.driver()
                .flatMap(driver -> driver.gpu(cuda.index()))
                .map(Gpu::freeBytes)
                .orElse(OptionalLong.empty());
    }
}
