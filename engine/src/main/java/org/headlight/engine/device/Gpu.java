package org.headlight.engine.device;

import java.util.Locale;
import java.util.OptionalLong;

/**
 * A GPU, as NVIDIA's driver describes it.
 *
 * @param index its number as CUDA counts them
 * @param name such as "NVIDIA H100 80GB HBM3"
 * @param capability its compute capability, such as "9.0"
 * @param totalBytes its memory
 * @param freeBytes what of it is free now; empty where the driver does not say
 */
public record Gpu(
        int index, String name, String capability, long totalBytes, OptionalLong freeBytes) {
    private static final double GIGABYTE = 1e9;

    /** The device that it is. */
    public Device.Cuda device() {
        return new Device.Cuda(index);
    }

    /** Its memory for people: "61 of 80 GB free". */
    public String memory() {
        return freeBytes.isPresent()
                ? String.format(
                        Locale.ROOT,
                        "%s of %s GB free",
                        gigabytes(freeBytes.getAsLong()),
                        gigabytes(totalBytes))
                : gigabytes(totalBytes) + " GB";
    }

    private static String gigabytes(long bytes) {
        double count = bytes / GIGABYTE;
        return String.format(Locale.ROOT, count < 10 ? "%.1f" : "%.0f", count);
    }
}
