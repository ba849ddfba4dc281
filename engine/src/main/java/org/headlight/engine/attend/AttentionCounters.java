package org.headlight.engine.attend;

import org.jspecify.annotations.Nullable;

import java.util.Optional;

/** What one call of attention cost. Written by the call, read afterwards. */
public final class AttentionCounters {
    private long pairs;
    private long bytes;
    private long weighed;
    private long nanoseconds;
    private boolean onDevice;
    private @Nullable Detour detour;

    /** Begins a call. */
    public void clear() {
        pairs = 0;
        bytes = 0;
        weighed = 0;
        nanoseconds = 0;
        onDevice = false;
        detour = null;
    }

    /** Adds a part of a call. */
    public void add(long morePairs, long moreWeighed, long moreBytes) {
        pairs += morePairs;
        weighed += moreWeighed;
        bytes += moreBytes;
    }

    /** The call is computed by a device. */
    public void ranOnDevice() {
        onDevice = true;
    }

    /** The call was computed by the processor though attention runs on a device. */
    public void detoured(Detour why) {
        detour = why;
    }

    /** Ends a call, which took so many nanoseconds. */
    public void took(long time) {
        nanoseconds = time;
    }

    /**
     * Pairs of query and key whose score was computed, over all heads; where a query sees only part
     * of the keys that are worked on together, the masked ones are counted too.
     */
    public long pairs() {
        return pairs;
    }

    /** Pairs that were taken into the softmax: all that were computed, less what was skipped. */
    public long weighed() {
        return weighed;
    }

    /** Bytes of queries, keys and values that were asked for, from memory or from a cache. */
    public long bytes() {
        return bytes;
    }

    /** Wall time of the call. */
    public long nanoseconds() {
        return nanoseconds;
    }

    /** Whether a device computed the call. */
    public boolean onDevice() {
        return onDevice;
    }

    /** Why the processor computed it though attention runs on a device; else empty. */
    public Optional<Detour> detour() {
        return Optional.ofNullable(detour);
    }
}
