package org.headlight.engine.model;

/**
 * What a run would take, estimated before it starts.
 *
 * @param tokens the length asked for
 * @param runBytes peak of the runtime's own tensors
 * @param captureBytes what is kept for the maps
 * @param availableBytes what this machine can give now
 * @param heapBytes what masks take on the Java heap, as far as it grows with N squared: biases that
 *     are no rule, which are part of {@code captureBytes} too, and a mask while it is read
 * @param heapAvailableBytes what the heap can give now
 * @param largestThatFits the longest input that fits
 * @param chunked whether the input is fed in chunks through a KV cache, so that memory grows with N
 *     (but for biases that are no rule, which always take N squared)
 * @param inPieces whether the model runs in pieces with our own attention between them, so that
 *     memory grows with N
 * @param deviceBytes peak of the runtime's own tensors on a CUDA device, where {@code runBytes} is
 *     only what comes from there; 0 where the model runs on the processor
 * @param deviceAvailableBytes what the device can give now
 */
public record MemoryNeed(
        int tokens,
        long runBytes,
        long captureBytes,
        long availableBytes,
        long heapBytes,
        long heapAvailableBytes,
        int largestThatFits,
        boolean chunked,
        boolean inPieces,
        long deviceBytes,
        long deviceAvailableBytes) {

    /** The need of a model on the processor. */
    public MemoryNeed(
            int tokens,
            long runBytes,
            long captureBytes,
            long availableBytes,
            long heapBytes,
            long heapAvailableBytes,
            int largestThatFits,
            boolean chunked,
            boolean inPieces) {
        this(
                tokens,
                runBytes,
                captureBytes,
                availableBytes,
                heapBytes,
                heapAvailableBytes,
                largestThatFits,
                chunked,
                inPieces,
                0,
                Long.MAX_VALUE);
    }

    /** The need of a model in one piece or in chunks. */
    public MemoryNeed(
            int tokens,
            long runBytes,
            long captureBytes,
            long availableBytes,
            long heapBytes,
            long heapAvailableBytes,
            int largestThatFits,
            boolean chunked) {
        this(
                tokens,
                runBytes,
                captureBytes,
                availableBytes,
                heapBytes,
                heapAvailableBytes,
                largestThatFits,
                chunked,
                false);
    }

    /** A need that takes nothing of the heap, of a model in one piece or in chunks. */
    public MemoryNeed(
            int tokens,
            long runBytes,
            long captureBytes,
            long availableBytes,
            int largestThatFits,
            boolean chunked) {
        this(
                tokens,
                runBytes,
                captureBytes,
                availableBytes,
                0,
                Long.MAX_VALUE,
                largestThatFits,
                chunked,
                false);
    }

    public boolean fits() {
        return machineFits() && heapFits() && deviceFits();
    }

    /** Whether the part on a CUDA device fits. */
    public boolean deviceFits() {
        return deviceBytes <= deviceAvailableBytes;
    }

    /** Whether it fits into the machine. */
    public boolean machineFits() {
        return runBytes + captureBytes <= availableBytes;
    }

    /** Whether the part on the Java heap fits. */
    public boolean heapFits() {
        return heapBytes <= heapAvailableBytes;
    }

    /** The same, where something else than memory limits the input. */
    MemoryNeed withLargest(int tokensThatFit) {
        return new MemoryNeed(
                tokens,
                runBytes,
                captureBytes,
                availableBytes,
                heapBytes,
                heapAvailableBytes,
                tokensThatFit,
                chunked,
                inPieces,
                deviceBytes,
                deviceAvailableBytes);
    }

    /** The same run on a CUDA device, from which what it gives comes to the machine. */
    MemoryNeed onDevice(long free, long arriving) {
        return new MemoryNeed(
                tokens,
                arriving,
                captureBytes,
                availableBytes,
                heapBytes,
                heapAvailableBytes,
                largestThatFits,
                chunked,
                inPieces,
                runBytes,
                free);
    }
}
