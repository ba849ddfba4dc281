package org.headlight.engine.device;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The devices of this process. Each is tried once, when it is first asked for; what came of it
 * holds as long as this object, unless it was a matter of memory that others held.
 */
public final class Devices {
    private final GpuMachine machine;
    private final DeviceTrial trial;
    private final List<String> needed;
    private final String natives;
    private final Map<Device, Optional<String>> tried = new HashMap<>();

    /**
     * @param machine what is there
     * @param trial tries a device
     * @param natives why the folder of natives that was named is not used, one sentence; empty when
     *     it is, or none was named
     * @param needed the libraries of the system that the natives need
     */
    public Devices(GpuMachine machine, DeviceTrial trial, String natives, List<String> needed) {
        this.machine = machine;
        this.trial = trial;
        this.natives = natives;
        this.needed = List.copyOf(needed);
    }

    /** What is there of CUDA. */
    public GpuMachine machine() {
        return machine;
    }

    /** The device that is used where one is asked for: that, or the processor and why. */
    public DeviceChoice choose(Device asked) {
        return switch (asked) {
            case Device.Cpu cpu -> DeviceChoice.of(cpu);
            case Device.Cuda cuda ->
                    refusal(cuda)
                            .map(DeviceChoice.of(cuda)::fallenBack)
                            .orElseGet(() -> DeviceChoice.of(cuda));
        };
    }

    /** Why a device cannot be used, one sentence; empty when it can. */
    public synchronized Optional<String> refusal(Device.Cuda device) {
        Optional<String> known = tried.get(device);
        if (known != null) {
            return known;
        }
        Optional<String> found = tried(device);
        // Memory that others hold now may be free the next time.
        if (found.filter(DeviceWords::passing).isEmpty()) {
            tried.put(device, found);
        }
        return found;
    }

    private Optional<String> tried(Device.Cuda device) {
        if (!natives.isEmpty()) {
            return Optional.of(device.label() + " cannot be used: " + natives);
        }
        return trial.refusal(device).map(reason -> withAllMissing(device, reason));
    }

    /** The loader stops at the first library that is missing; the others are named, too. */
    private String withAllMissing(Device.Cuda device, String reason) {
        List<String> missing = missing();
        return missing.stream().anyMatch(reason::contains)
                ? DeviceWords.missing(device, missing)
                : reason;
    }

    /** Libraries that the natives need and the machine has not. */
    public List<String> missing() {
        return needed.stream()
                .filter(library -> library.startsWith("libcu"))
                .filter(library -> !machine.has(library))
                .toList();
    }
}
