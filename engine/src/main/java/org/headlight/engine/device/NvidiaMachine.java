package org.headlight.engine.device;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What this machine has for CUDA, asked of the system's loader, of the CUDA driver's library and of
 * NVML. Devices are counted as CUDA counts them; no context is made on any.
 */
public final class NvidiaMachine implements GpuMachine {
    private static final int NO_DEVICE = 100;
    private static final int MAJOR = 75;
    private static final int MINOR = 76;

    private final Platform platform;
    private final @Nullable Path natives;

    /**
     * @param natives a folder that is searched, too: the runtime finds libraries beside its own
     */
    public NvidiaMachine(Platform platform, @Nullable Path natives) {
        this.platform = platform;
        this.natives = natives;
    }

    /** This machine, and the folder that the runtime's libraries come from. */
    public static NvidiaMachine here() {
        return new NvidiaMachine(
                Platform.of(System.getProperties()),
                RuntimeLibrary.ofProcess().folder().orElse(null));
    }

    @Override
    public Platform platform() {
        return platform;
    }

    @Override
    @SuppressWarnings("restricted") // libraries of the system, by names of our own
    public boolean has(String library) {
        if (natives != null && Files.exists(natives.resolve(library))) {
            return true;
        }
        try (Arena arena = Arena.ofConfined()) {
            SymbolLookup.libraryLookup(library, arena);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    @Override
    public Optional<Driver> driver() {
        if (platform == Platform.OTHER) {
            return Optional.empty();
        }
        try (Arena arena = Arena.ofConfined()) {
            Optional<NativeCalls> cuda = NativeCalls.open(CudaLibraries.driver(platform), arena);
            Optional<Nvml> nvml = Nvml.open(platform, arena);
            try (Nvml _ = nvml.orElse(null)) {
                if (cuda.isEmpty() && nvml.isEmpty()) {
                    return Optional.empty();
                }
                String version = nvml.map(Nvml::version).orElse("");
                return Optional.of(
                        cuda.map(calls -> driver(calls, nvml, version))
                                .orElseGet(() ->
                                        new Driver(
                                                version,
                                                "",
                                                List.of(),
                                                CudaLibraries.driver(platform) + " is missing")));
            }
        }
    }

    private static Driver driver(NativeCalls cuda, Optional<Nvml> nvml, String version) {
        int failed = cuda.call("cuInit", 0);
        String newest =
                cuda.number("cuDriverGetVersion")
                        .map(number -> number / 1000 + "." + number % 1000 / 10)
                        .orElse("");
        if (failed != 0) {
            return new Driver(version, newest, List.of(), problem(failed));
        }
        List<Gpu> gpus = new ArrayList<>();
        int count = Math.min(Device.MOST, cuda.number("cuDeviceGetCount").orElse(0));
        for (int i = 0; i < count; i++) {
            int index = i;
            cuda.number("cuDeviceGet", i)
                    .ifPresent(device -> gpus.add(gpu(cuda, nvml, index, device)));
        }
        return new Driver(version, newest, gpus, gpus.isEmpty() ? problem(NO_DEVICE) : "");
    }

    private static String problem(int code) {
        return code == NO_DEVICE
                ? "it finds no device"
                : "it does not start (error " + code + " of cuInit)";
    }

    private static Gpu gpu(NativeCalls cuda, Optional<Nvml> nvml, int index, int device) {
        MemorySegment total = cuda.room(Long.BYTES);
        long bytes =
                cuda.call("cuDeviceTotalMem_v2", total, device) == 0
                        ? total.get(ValueLayout.JAVA_LONG, 0)
                        : 0;
        OptionalLong free =
                cuda.text("cuDeviceGetPCIBusId", device)
                        .flatMap(bus -> nvml.map(open -> open.freeBytes(bus, bytes)))
                        .orElse(OptionalLong.empty());
        return new Gpu(
                index,
                cuda.text("cuDeviceGetName", device).orElse("a GPU without a name"),
                cuda.number("cuDeviceGetAttribute", MAJOR, device).orElse(0)
                        + "."
                        + cuda.number("cuDeviceGetAttribute", MINOR, device).orElse(0),
                bytes,
                free);
    }
}
