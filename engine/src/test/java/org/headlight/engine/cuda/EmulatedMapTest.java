package org.headlight.engine.cuda;

import java.io.IOException;
import java.nio.file.Path;

/** The CUDA source of maps, run by the emulator. */
class EmulatedMapTest extends MapTruth {
    private final EmulatedDriver driver = new EmulatedDriver(70, 49_152);

    @Override
    GpuDriver driver(Path folder) {
        return driver;
    }

    @Override
    KernelCompiler compiler(Path folder) throws IOException {
        return new EmulatedCompiler(folder);
    }

    @Override
    void mode(int order) {
        driver.mode(order);
    }
}
