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
        boolean inPieces) {

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
        return machineFits() && heapFits();
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
                inPieces);
    }
}
