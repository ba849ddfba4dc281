package org.headlight.engine.kernel;

import jdk.incubator.vector.FloatVector;

/** Chooses among the vector kernels by the width of the registers; loaded only with the module. */
final class VectorChoice {
    private VectorChoice() {}

    static KernelProvider.Choice choose() {
        int bits = FloatVector.SPECIES_PREFERRED.vectorBitSize();
        return switch (bits) {
            case 512 ->
                    new KernelProvider.Choice(
                            new Vector512Kernels(), "Vector registers are 512 bits wide.");
            case 256, 128 ->
                    new KernelProvider.Choice(
                            new NarrowVectorKernels(),
                            "Vector registers are " + bits + " bits wide.");
            default ->
                    new KernelProvider.Choice(
                            new ScalarKernels(),
                            "There is no vector kernel for registers of " + bits + " bits.");
        };
    }
}
