package org.headlight.engine.device;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import java.util.OptionalLong;

/** NVIDIA's management library: what the driver tells without a context on any device. */
final class Nvml implements AutoCloseable {
    private static final int TEXT = 256;
    private static final int MEMORY = 3 * Long.BYTES;
    private static final int FREE = Long.BYTES;

    /** The driver keeps some of a board's memory; more is missing where a board is shared out. */
    private static final double WHOLE = 1.2;

    private final NativeCalls calls;

    private Nvml(NativeCalls calls) {
        this.calls = calls;
    }

    /** Opens and starts it; empty where it is not, or does not start. */
    static Optional<Nvml> open(Platform platform, Arena arena) {
        return NativeCalls.open(CudaLibraries.management(platform), arena)
                .filter(calls -> calls.call("nvmlInit_v2") == 0)
                .map(Nvml::new);
    }

    /** The driver's version, such as "550.54.15"; empty where it does not say. */
    String version() {
        return calls.text("nvmlSystemGetDriverVersion").orElse("");
    }

    /**
     * Memory of a device that is free now; empty where the driver does not say, or only knows that
     * of the whole board, of which the device is a part.
     *
     * @param bus where it sits on the PCI bus, such as "0000:01:00.0"
     * @param total memory that CUDA has on it
     */
    OptionalLong freeBytes(String bus, long total) {
        MemorySegment device = calls.room(Long.BYTES);
        MemorySegment name = calls.room(TEXT);
        name.setString(0, bus);
        if (calls.call("nvmlDeviceGetHandleByPciBusId_v2", name, device) != 0) {
            return OptionalLong.empty();
        }
        MemorySegment memory = calls.room(MEMORY);
        MemorySegment handle = device.get(ValueLayout.ADDRESS, 0);
        boolean whole =
                calls.call("nvmlDeviceGetMemoryInfo", handle, memory) == 0
                        && memory.get(ValueLayout.JAVA_LONG, 0) <= WHOLE * total;
        return whole
                ? OptionalLong.of(memory.get(ValueLayout.JAVA_LONG, FREE))
                : OptionalLong.empty();
    }

    @Override
    public void close() {
        calls.call("nvmlShutdown");
    }
}
