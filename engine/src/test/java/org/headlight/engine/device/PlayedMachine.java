package org.headlight.engine.device;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A machine that has what a test says.
 *
 * @param platform its platform
 * @param libraries the libraries that its loader finds
 * @param driver its driver
 */
public record PlayedMachine(Platform platform, Set<String> libraries, Optional<Driver> driver)
        implements GpuMachine {

    /** One with nothing of NVIDIA. */
    public static PlayedMachine bare() {
        return new PlayedMachine(Platform.LINUX, Set.of(), Optional.empty());
    }

    /** One with two GPUs, a driver for CUDA 12.4, and such libraries. */
    public static PlayedMachine withGpus(String... libraries) {
        return new PlayedMachine(
                Platform.LINUX,
                Set.of(libraries),
                Optional.of(
                        new Driver(
                                "550.54.15",
                                "12.4",
                                List.of(
                                        new Gpu(
                                                0,
                                                "NVIDIA H100 80GB HBM3",
                                                "9.0",
                                                85_000_000_000L,
                                                OptionalLong.of(61_200_000_000L)),
                                        new Gpu(
                                                1,
                                                "NVIDIA RTX A2000",
                                                "8.6",
                                                6_000_000_000L,
                                                OptionalLong.empty())),
                                "")));
    }

    /** One with two GPUs and every library of a version of CUDA. */
    public static PlayedMachine withCuda(int version) {
        List<String> all = new ArrayList<>(List.of("libcuda.so.1"));
        new CudaLibraries(Platform.LINUX, version).all().forEach(l -> all.add(l.file()));
        return withGpus(all.toArray(String[]::new));
    }

    @Override
    public boolean has(String library) {
        return libraries.contains(library);
    }
}
