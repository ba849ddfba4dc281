package org.headlight.engine.cuda;

import java.lang.foreign.Arena;

/**
 * Starts kernels of attention: all heads at once; or, where the system ends kernels that take
 * seconds, because the device draws a screen, so many that each launch stays far below that.
 */
final class FlashLaunch {
    /**
     * Multiply-adds of a launch for each multiprocessor: half a second in floats on devices that
     * draw screens, less in halves.
     */
    private static final double MOST = 4e10;

    private final GpuDriver driver;
    private final Kernels kernels;

    FlashLaunch(GpuDriver driver, Kernels kernels) {
        this.driver = driver;
        this.kernels = kernels;
    }

    /** Starts a call. */
    void run(FlashKernel kernel, FlashCall call, FlashCall.Tensors at, FlashCall.Lists lists) {
        long tiles = Math.ceilDiv(call.queries(), kernel.rows());
        int heads = headsAtATime(kernel, call);
        for (int head = 0; head < call.heads(); head += heads) {
            int count = Math.min(heads, call.heads() - head);
            GpuDriver.Grid grid =
                    new GpuDriver.Grid(count * tiles, 1, 1, kernel.threads(), kernel.sharedBytes());
            int first = Math.toIntExact(head * tiles);
            try (Arena arena = Arena.ofConfined()) {
                driver.launch(kernels.flash(kernel), grid, call.arguments(arena, at, lists, first));
            }
        }
    }

    private int headsAtATime(FlashKernel kernel, FlashCall call) {
        if (!driver.watched()) {
            return call.heads();
        }
        double ofHead =
                (double) call.queries() * call.keys() * (kernel.depth() + (double) kernel.width());
        double most = MOST * driver.info().processors() / Math.max(1, ofHead);
        return (int) Math.clamp(most, 1.0, call.heads());
    }
}
