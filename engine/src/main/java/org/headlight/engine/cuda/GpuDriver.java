package org.headlight.engine.cuda;

import org.headlight.engine.problem.BadInputException;

import java.lang.foreign.MemorySegment;

/**
 * The calls of a CUDA driver that our kernels need, for one device. Handles are numbers. Work is
 * done in the order in which it is asked for. Calls that fail throw a {@link BadInputException}
 * with the driver's own words.
 */
public interface GpuDriver extends AutoCloseable {

    /**
     * A launch of a kernel.
     *
     * @param x blocks of threads, first dimension
     * @param threads threads of a block
     * @param sharedBytes dynamic shared memory of a block
     */
    record Grid(long x, int y, int z, int threads, int sharedBytes) {}

    /** Memory of the device now. */
    record Memory(long freeBytes, long totalBytes) {}

    /** The device. */
    GpuInfo info();

    /** Whether the system ends kernels that run for seconds, since the device draws a screen. */
    default boolean watched() {
        return false;
    }

    /** Makes the device's context that of the calling thread; calls of that thread may follow. */
    void enter();

    /** Memory of the device; 0 when there is not enough. */
    long allocate(long bytes);

    /** Gives memory back. */
    void free(long address);

    /** What there is. */
    Memory memory();

    /** Memory of the host that the device copies from and to quickly. */
    MemorySegment allocateHost(long bytes);

    /** Gives memory of the host back. */
    void freeHost(MemorySegment memory);

    /** Copies to the device. */
    void toDevice(long target, MemorySegment source, long bytes);

    /** Copies from the device, after all work before. */
    void toHost(MemorySegment target, long source, long bytes);

    /** Copies from one place of the device to another. */
    void copy(long target, long source, long bytes);

    /** Fills memory with zeros. */
    void clear(long address, long bytes);

    /** Loads compiled kernels; a module. */
    long load(byte[] image);

    /** Lets go of a module. */
    void unload(long module);

    /**
     * A kernel of a module.
     *
     * @param sharedBytes the most dynamic shared memory that it will be launched with
     */
    long kernel(long module, String name, int sharedBytes);

    /**
     * Starts a kernel.
     *
     * @param argument its only parameter, a struct
     */
    void launch(long kernel, Grid grid, MemorySegment argument);

    /** Waits for all work; failures of kernels show here. */
    void await();

    /** A mark in the order of work. */
    long mark();

    /** Milliseconds between two marks, which are used up; waits for the later one. */
    double millisBetween(long from, long to);

    /** Lets go of the device; memory and modules have been given back before. */
    @Override
    void close();
}
