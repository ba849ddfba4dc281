package org.headlight.engine.cuda;

import java.util.List;
import java.util.Optional;

/**
 * One of the kernels that attention is compiled to: its shape, and what it needs.
 *
 * @param precision halves or floats
 * @param depth width of queries and keys in device memory, a multiple of 16
 * @param width width of values there, a multiple of 16
 * @param rows queries of a block of threads
 * @param keys keys that are worked on together
 * @param warps warps of a block of threads
 * @param softCap whether scores are soft-capped
 */
record FlashKernel(
        Precision precision, int depth, int width, int rows, int keys, int warps, boolean softCap) {
    /** The widest heads that the kernels take. */
    static final int WIDEST = 256;

    /** Up to this width a warp takes 32 queries, so that each key that is read serves both 16. */
    private static final int NARROW = 128;

    private static final int WARP = 32;
    private static final int STEP = 16;

    /** The width of rows in device memory. */
    static int padded(int width) {
        return Math.ceilDiv(width, STEP) * STEP;
    }

    /**
     * The kernel of a shape; empty when none fits the device.
     *
     * @param depth width of queries and keys
     * @param width width of values
     * @param rowsTogether queries that share a list of keys, a multiple of 64
     */
    static Optional<FlashKernel> of(
            Precision precision,
            int depth,
            int width,
            int rowsTogether,
            boolean softCap,
            GpuInfo gpu) {
        int d = padded(depth);
        int dv = padded(width);
        if (Math.max(d, dv) > WIDEST) {
            return Optional.empty();
        }
        boolean narrow = Math.max(d, dv) <= NARROW;
        FlashKernel kernel;
        if (precision == Precision.FP32) {
            kernel = new FlashKernel(precision, d, dv, narrow ? 64 : 32, 32, 8, softCap);
        } else if (!gpu.halves()) {
            return Optional.empty();
        } else {
            int rows = narrow && rowsTogether % 128 == 0 ? 128 : 64;
            int warps = narrow ? rows / (2 * STEP) : rows / STEP;
            // Fewer keys at a time where there are not registers enough.
            kernel =
                    new FlashKernel(
                            precision, d, dv, rows, narrow && !softCap ? 64 : 32, warps, softCap);
        }
        return kernel.sharedBytes() + 2048 > gpu.sharedBytes()
                ? Optional.empty()
                : Optional.of(kernel);
    }

    /** Dynamic shared memory of a block of threads. */
    int sharedBytes() {
        if (precision == Precision.FP16) {
            return 2 * ((rows + keys) * (depth + 8) + keys * (width + 8));
        }
        return 4 * (rows * (depth + 4) + keys * (Math.max(depth, width) + 4) + rows * (keys + 1));
    }

    int threads() {
        return warps * WARP;
    }

    /** Its function's name. */
    String function() {
        return precision == Precision.FP16 ? "flash_fp16" : "flash_fp32";
    }

    /** The files that it is compiled of. */
    List<String> files() {
        return List.of("primitives.cu", "keys.cu", function() + ".cu");
    }

    List<String> macros() {
        return List.of(
                "D=" + depth,
                "DV=" + width,
                "ROWS=" + rows,
                "KEYS=" + keys,
                "WARPS=" + warps,
                "MT=" + Math.max(1, rows / (warps * STEP)),
                "SOFT_CAP=" + (softCap ? 1 : 0));
    }
}
