package org.headlight.engine.kernel;

import java.util.List;

/** The kernels of whole attention that can be tested in this process. */
public final class FlashKernelsForTests {
    private FlashKernelsForTests() {}

    /** The kernels that a program on this machine runs. */
    public static FlashKernels best() {
        return KernelProvider.flashLookup().kernels();
    }

    /** The plain kernels. */
    public static FlashKernels scalar() {
        return new FlashScalarKernels();
    }

    /**
     * The plain ones and those of this machine. Only one width of vectors in a process: the
     * compiler boxes when it has seen two. The build runs these tests once more with narrower
     * registers.
     */
    public static List<FlashKernels> all() {
        return List.of(scalar(), best());
    }
}
