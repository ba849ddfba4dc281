package org.headlight.engine.cuda;

import java.nio.file.Path;

/** The CUDA source of maps, on a GPU, where there is one. */
class GpuMapTest extends MapTruth {

    @Override
    GpuDriver driver(Path folder) {
        return Gpu.driver();
    }

    @Override
    KernelCompiler compiler(Path folder) {
        return Gpu.compiler();
    }

    @Override
    void mode(int order) {}
}
