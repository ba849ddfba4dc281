package org.headlight.engine.cuda;

import org.headlight.engine.attend.HeadArray;
import org.headlight.engine.matrix.Matrix;
import org.headlight.engine.task.Progress;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** Copies arrays to the device and back, in pieces, and brings rows to the width of the kernels. */
final class Transfer implements AutoCloseable {
    private static final long BYTES = 1L << 24;
    private static final int THREADS = 256;
    private static final int BLOCKS = 4096;

    private final GpuDriver driver;
    private final Kernels kernels;
    private final DeviceBuffers buffers;
    private final MemorySegment staging;

    Transfer(GpuDriver driver, Kernels kernels, DeviceBuffers buffers) {
        this.driver = driver;
        this.kernels = kernels;
        this.buffers = buffers;
        this.staging = driver.allocateHost(BYTES);
    }

    /**
     * Copies some heads to [heads, rows, padded], zeros after the width.
     *
     * @param target of the device, with room for all
     */
    void upload(
            HeadArray array,
            int firstHead,
            int heads,
            Precision precision,
            long target,
            Progress progress) {
        int width = array.width();
        int padded = FlashKernel.padded(width);
        long rowBytes = (long) width * Float.BYTES;
        int most = Math.clamp(BYTES / rowBytes, 1, Integer.MAX_VALUE);
        boolean plain = precision == Precision.FP32 && padded == width;
        for (int head = firstHead; head < firstHead + heads; head++) {
            for (int row = 0; row < array.rows(); row += most) {
                progress.check();
                int rows = Math.min(most, array.rows() - row);
                pack(array, head, row, rows);
                long first = (long) (head - firstHead) * array.rows() + row;
                long to = target + first * padded * precision.bytes();
                long bytes = rows * rowBytes;
                if (plain) {
                    driver.toDevice(to, staging, bytes);
                } else {
                    long raw = buffers.reserve(DeviceBuffers.Use.RAW, BYTES);
                    driver.toDevice(raw, staging, bytes);
                    convert(raw, to, rows, width, precision);
                }
            }
        }
    }

    /**
     * Copies a matrix to [rows, padded] floats, zeros after the width.
     *
     * @param target of the device, with room for all
     */
    void upload(Matrix matrix, long target, Progress progress) {
        int width = matrix.cols();
        int padded = FlashKernel.padded(width);
        int most = Math.clamp(BYTES / ((long) width * Float.BYTES), 1, matrix.rows());
        float[] rows = new float[most * width];
        for (int row = 0; row < matrix.rows(); row += most) {
            progress.check();
            int count = Math.min(most, matrix.rows() - row);
            matrix.copyRows(row, row + count, rows, 0);
            copyIn(rows, 0, 0, count * width);
            long to = target + (long) row * padded * Float.BYTES;
            long bytes = (long) count * width * Float.BYTES;
            if (padded == width) {
                driver.toDevice(to, staging, bytes);
            } else {
                long raw = buffers.reserve(DeviceBuffers.Use.RAW, BYTES);
                driver.toDevice(raw, staging, bytes);
                convert(raw, to, count, width, Precision.FP32);
            }
        }
    }

    private void pack(HeadArray array, int head, int row, int rows) {
        int width = array.width();
        if (array.rowStride() == width) {
            copyIn(array.values(), array.at(head, row), 0, rows * width);
            return;
        }
        for (int i = 0; i < rows; i++) {
            copyIn(array.values(), array.at(head, row + i), (long) i * width, width);
        }
    }

    private void copyIn(float[] source, int from, long to, int count) {
        MemorySegment.copy(source, from, staging, ValueLayout.JAVA_FLOAT, to * Float.BYTES, count);
    }

    private void convert(long source, long target, long rows, int width, Precision precision) {
        String function = precision == Precision.FP16 ? "to_halves" : "to_floats";
        long kernel =
                kernels.kernel(List.of("primitives.cu", "convert.cu"), List.of(), function, 0);
        int padded = FlashKernel.padded(width);
        long blocks = Math.clamp(Math.ceilDiv(rows * padded, (long) THREADS), 1, BLOCKS);
        try (Arena arena = Arena.ofConfined()) {
            Arguments arguments = new Arguments(arena);
            arguments.address(source).address(target).wide(rows).number(width).number(padded);
            driver.launch(
                    kernel, new GpuDriver.Grid(blocks, 1, 1, THREADS, 0), arguments.segment());
        }
    }

    /** Copies [heads, rows, width] to some heads of an array. */
    void download(long source, HeadArray array, int firstHead, int heads, Progress progress) {
        int width = array.width();
        int most = Math.clamp(BYTES / ((long) width * Float.BYTES), 1, Integer.MAX_VALUE);
        for (int head = firstHead; head < firstHead + heads; head++) {
            for (int row = 0; row < array.rows(); row += most) {
                progress.check();
                int rows = Math.min(most, array.rows() - row);
                long first = (long) (head - firstHead) * array.rows() + row;
                long bytes = (long) rows * width * Float.BYTES;
                driver.toHost(staging, source + first * width * Float.BYTES, bytes);
                unpack(array, head, row, rows);
            }
        }
    }

    private void unpack(HeadArray array, int head, int row, int rows) {
        int width = array.width();
        boolean together = array.rowStride() == width;
        int runs = together ? 1 : rows;
        int count = together ? rows * width : width;
        for (int i = 0; i < runs; i++) {
            MemorySegment.copy(
                    staging,
                    ValueLayout.JAVA_FLOAT,
                    (long) i * count * Float.BYTES,
                    array.values(),
                    array.at(head, row + i),
                    count);
        }
    }

    /** Copies numbers to the device. */
    void upload(int[] values, int count, long target) {
        int most = (int) (BYTES / Integer.BYTES);
        for (int from = 0; from < count; from += most) {
            int part = Math.min(most, count - from);
            MemorySegment.copy(values, from, staging, ValueLayout.JAVA_INT, 0, part);
            driver.toDevice(
                    target + (long) from * Integer.BYTES, staging, (long) part * Integer.BYTES);
        }
    }

    /** Copies numbers to the device. */
    void upload(float[] values, int from, int count, long target) {
        copyIn(values, from, 0, count);
        driver.toDevice(target, staging, (long) count * Float.BYTES);
    }

    /** Copies numbers from the device. */
    void download(long source, float[] target, int at, long count) {
        int most = (int) (BYTES / Float.BYTES);
        for (long from = 0; from < count; from += most) {
            int part = (int) Math.min(most, count - from);
            driver.toHost(staging, source + from * Float.BYTES, (long) part * Float.BYTES);
            MemorySegment.copy(staging, ValueLayout.JAVA_FLOAT, 0, target, (int) (at + from), part);
        }
    }

    /** Copies numbers from the device. */
    void download(long source, int[] target) {
        int most = (int) (BYTES / Integer.BYTES);
        for (int from = 0; from < target.length; from += most) {
            int part = Math.min(most, target.length - from);
            driver.toHost(
                    staging, source + (long) from * Integer.BYTES, (long) part * Integer.BYTES);
            MemorySegment.copy(staging, ValueLayout.JAVA_INT, 0, target, from, part);
        }
    }

    @Override
    public void close() {
        driver.freeHost(staging);
    }
}
