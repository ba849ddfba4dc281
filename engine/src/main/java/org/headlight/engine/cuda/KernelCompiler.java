package org.headlight.engine.cuda;

import org.headlight.engine.problem.BadInputException;

import java.util.List;

/** Compiles CUDA C. */
public interface KernelCompiler {

    /**
     * Compiles for a device.
     *
     * @param source CUDA C
     * @param macros such as "D=64"
     * @param capability compute capability times 10
     * @return what {@link GpuDriver#load} takes
     * @throws BadInputException when it does not compile
     */
    byte[] compile(String source, List<String> macros, int capability);
}
