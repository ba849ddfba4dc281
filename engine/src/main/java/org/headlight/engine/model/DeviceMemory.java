package org.headlight.engine.model;

import org.headlight.engine.device.Device;
import org.headlight.engine.device.Gpu;
import org.headlight.engine.device.GpuMachine;

import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Memory that a run on a CUDA device can take. The driver is asked once in a while only. */
final class DeviceMemory implements FreeMemory {
    private static final long HOLDS = TimeUnit.SECONDS.toNanos(1);

    private final FreeMemory host;
    private final GpuMachine machine;
    private final Device.Cuda device;
    private final LongSupplier clock;
    private OptionalLong free = OptionalLong.empty();
    private long asked;
    private boolean known;

    /**
     * @param host of the machine around the device
     * @param machine tells what the device has free
     * @param clock nanoseconds from any start
     */
    DeviceMemory(FreeMemory host, GpuMachine machine, Device.Cuda device, LongSupplier clock) {
        this.host = host;
        this.machine = machine;
        this.device = device;
        this.clock = clock;
    }

    @Override
    public long machine() {
        return host.machine();
    }

    @Override
    public long heap() {
        return host.heap();
    }

    @Override
    public synchronized OptionalLong device() {
        long now = clock.getAsLong();
        if (!known || now - asked > HOLDS) {
            free =
                    machine.driver()
                            .flatMap(driver -> driver.gpu(device.index()))
                            .map(Gpu::freeBytes)
                            .orElse(OptionalLong.empty());
            asked = now;
            known = true;
        }
        return free;
    }
}
