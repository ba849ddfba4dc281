package org.headlight.engine.kernel;

/**
 * The most that one processor core can multiply and add in single precision, measured: what kernels
 * are compared with.
 */
public final class PeakRate {
    private static final int ROUNDS = 30;
    private static final int STEPS = 400_000;

    private PeakRate() {}

    /**
     * Measures for some tens of milliseconds on this thread.
     *
     * @return floating-point operations a second (a multiply-add counts two), the best of several
     *     rounds; not a number where there are no vectors
     */
    public static double measure() {
        if (KernelProvider.flashLookup().kernels() instanceof FlashScalarKernels) {
            return Double.NaN;
        }
        double best = 0;
        float check = 0;
        for (int round = 0; round < ROUNDS; round++) {
            long start = System.nanoTime();
            check += FmaLoop.run(STEPS);
            double seconds = (System.nanoTime() - start) / 1e9;
            best = Math.max(best, FmaLoop.operations(STEPS) / seconds);
        }
        // The sum is used, so that the loop is not left out.
        return Float.isNaN(check) ? Double.NaN : best;
    }
}
