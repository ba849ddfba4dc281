package org.headlight.engine.cuda;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The CUDA source of attention, run by the emulator. */
class EmulatedAttentionTest extends AttentionTruth {
    private final List<EmulatedDriver> drivers = new ArrayList<>();

    @Override
    GpuDriver driver(Path folder) {
        drivers.add(new EmulatedDriver(80, 166_912));
        return drivers.getLast();
    }

    @Override
    KernelCompiler compiler(Path folder) throws IOException {
        return new EmulatedCompiler(folder);
    }

    @Override
    void mode(int order) {
        drivers.forEach(driver -> driver.mode(order));
    }
}
