package org.headlight.engine.model;

/**
 * What a run would take, estimated before it starts.
 *
 * @param tokens the length asked for
 * @param runBytes peak of the runtime's own tensors in the machine; where the model runs on a CUDA
 *     device, what comes from there
 * @param captureBytes what is kept for the maps
 * @param availableBytes what this machine can give now
 * @param heap what grows with N squared on the Java heap: biases that are no rule, which are part
 *     of {@code captureBytes} too, and a mask while it is read; in pieces, what passes between them
 * @param device peak of the runtime's own tensors on a CUDA device
 * @param largestThatFits the longest input that fits
 * @param feeding how the input is fed
 */
public record MemoryNeed(
        int tokens,
        long runBytes,
        long captureBytes,
        long availableBytes,
        Room heap,
        Room device,
        int largestThatFits,
        Feeding feeding) {

    /**
     * What is needed of one memory, and what that can give now.
     *
     * @param bytes needed
     * @param available bytes that it can give
     */
    public record Room(long bytes, long available) {
        /** Of a memory that is not used. */
        public static Room unused() {
            return new Room(0, Long.MAX_VALUE);
        }

        public boolean fits() {
            return bytes <= available;
        }
    }

    /** How an input is fed to the model. */
    public enum Feeding {
        /** All at once, through the graph as it is. */
        WHOLE,
        /**
         * In chunks through a KV cache, so that memory grows with N, but for biases that are no
         * rule, which always take N squared.
         */
        CHUNKS,
        /** Through the pieces of the graph with our own attention between; memory grows with N. */
        PIECES
    }

    public boolean fits() {
        return machineFits() && heap.fits() && device.fits();
    }

    /** Whether it fits into the machine. */
    public boolean machineFits() {
        return runBytes + captureBytes <= availableBytes;
    }

    /** The same, where something else than memory limits the input. */
    MemoryNeed withLargest(int tokensThatFit) {
        return new MemoryNeed(
                tokens,
                runBytes,
                captureBytes,
                availableBytes,
                heap,
                device,
                tokensThatFit,
                feeding);
    }

    /** The same run on a CUDA device, from which what it gives comes to the machine. */
    MemoryNeed onDevice(long free, long arriving) {
        return new MemoryNeed(
                tokens,
                arriving,
                captureBytes,
                availableBytes,
                heap,
                new Room(runBytes, free),
                largestThatFits,
                feeding);
    }
}
