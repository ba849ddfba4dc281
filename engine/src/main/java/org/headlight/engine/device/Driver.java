package org.headlight.engine.device;

import java.util.List;
import java.util.Optional;

/**
 * NVIDIA's driver.
 *
 * @param version such as "550.54.15"; empty where it does not say
 * @param cuda the newest CUDA that it runs, such as "12.4"; empty where it does not say
 * @param gpus what it drives
 * @param problem why it drives none, one clause; empty when there is nothing to say
 */
public record Driver(String version, String cuda, List<Gpu> gpus, String problem) {
    public Driver {
        gpus = List.copyOf(gpus);
    }

    /** A GPU by its number. */
    public Optional<Gpu> gpu(int index) {
        return gpus.stream().filter(gpu -> gpu.index() == index).findFirst();
    }
}
