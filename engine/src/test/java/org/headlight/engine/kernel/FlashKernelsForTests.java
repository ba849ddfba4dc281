package org.headlight.engine.kernel;

import java.util.List;

/** Every implementation of the kernels of whole attention, also those not chosen here. */
public final class FlashKernelsForTests {
    private FlashKernelsForTests() {}

    /** The kernels that a program on this machine runs. */
    public static FlashKernels best() {
        return KernelProvider.flashLookup().kernels();
    }

    /** All of them: plain, narrow vectors, and the widest that this machine has. */
    public static List<FlashKernels> all() {
        return ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()
                ? List.of(new FlashScalarKernels())
                : best() instanceof FlashNarrowKernels
                        ? List.of(new FlashScalarKernels(), best())
                        : List.of(new FlashScalarKernels(), best(), new FlashNarrowKernels());
    }
}
