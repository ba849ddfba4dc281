package org.headlight.engine.cuda;

import java.nio.file.Path;

/** The CUDA source of XAttention, on a GPU, where there is one. */
class GpuXAttentionTest extends XAttentionTruth {

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
