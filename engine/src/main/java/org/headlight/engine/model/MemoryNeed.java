package org.headlight.engine.model;

/**
 * What a run would take, estimated before it starts.
 *
 * @param tokens the length asked for
 * @param runBytes peak of the runtime's own tensors
 * @param captureBytes what is kept for the maps
 * @param availableBytes what this machine can give now
 * @param largestThatFits the longest input that fits
 * @param chunked whether the input is fed in chunks through a KV cache, so that memory grows with N
 */
public record MemoryNeed(
        int tokens,
        long runBytes,
        long captureBytes,
        long availableBytes,
        int largestThatFits,
        boolean chunked) {

    public boolean fits() {
        return runBytes + captureBytes <= availableBytes;
    }
}
