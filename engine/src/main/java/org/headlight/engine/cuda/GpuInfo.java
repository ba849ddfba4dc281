package org.headlight.engine.cuda;

/**
 * What a device is.
 *
 * @param index its number
 * @param capability compute capability times 10, such as 90
 * @param processors multiprocessors
 * @param sharedBytes the most shared memory that a block of threads can have
 * @param clockHertz of the multiprocessors at most; 0 when the driver does not say
 * @param totalBytes memory
 */
public record GpuInfo(
        int index,
        String name,
        int capability,
        int processors,
        int sharedBytes,
        double clockHertz,
        long totalBytes) {

    /** Whether it has the matrix units and copies that our kernels on halves use. */
    public boolean halves() {
        return capability >= 80;
    }
}
