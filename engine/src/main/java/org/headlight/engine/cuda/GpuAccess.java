package org.headlight.engine.cuda;

import org.headlight.engine.problem.BadInputException;

import java.nio.file.Path;
import java.util.Optional;

/** What our kernels need of a machine: a compiler for them, and a driver. */
public interface GpuAccess {

    /**
     * A device; whoever asks closes it.
     *
     * @param index its number, as CUDA counts
     * @throws BadInputException when there is no driver or no such device
     */
    GpuDriver driver(int index);

    /**
     * The compiler.
     *
     * @param driver is to load what it compiles
     * @throws BadInputException when there is none
     */
    KernelCompiler compiler(GpuDriver driver);

    /**
     * That of this machine: NVRTC and NVIDIA's driver.
     *
     * @param folder where NVRTC may lie, besides where the system looks
     */
    static GpuAccess here(Optional<Path> folder) {
        return new GpuAccess() {
            @Override
            public GpuDriver driver(int index) {
                return CudaDriver.open(index);
            }

            @Override
            public KernelCompiler compiler(GpuDriver driver) {
                return driver instanceof CudaDriver cuda
                        ? Nvrtc.open(folder, cuda.cudaVersion())
                        : Nvrtc.open(folder);
            }
        };
    }
}
