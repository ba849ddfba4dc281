package org.headlight.engine.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Chooses among the vector kernels by the width of the registers; loaded only with the module. */
final class VectorChoice {
    /** The widest vectors of at most 256 bits. */
    static final VectorSpecies<Float> NARROW =
            FloatVector.SPECIES_PREFERRED.length() >= 8
                    ? FloatVector.SPECIES_256
                    : FloatVector.SPECIES_128;

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

    static KernelProvider.FlashChoice chooseFlash() {
        int bits = FloatVector.SPECIES_PREFERRED.vectorBitSize();
        String reason = "Vector registers are " + bits + " bits wide.";
        return switch (bits) {
            case 512 -> new KernelProvider.FlashChoice(new Flash512Kernels(), reason);
            case 256, 128 -> new KernelProvider.FlashChoice(new FlashNarrowKernels(), reason);
            default ->
                    new KernelProvider.FlashChoice(
                            new FlashScalarKernels(),
                            "There is no vector kernel for registers of " + bits + " bits.");
        };
    }
}
