package org.headlight.analysis.sparse.position;

import java.util.Arrays;

/**
 * The cache of one layer under LaCache: which tokens it holds, token after token. Where it runs
 * over, a group of neighbouring slots shrinks, and layers keep different slots of it, so that what
 * one layer forgets another still has.
 */
final class Ladder {
    private final int first;
    private final int group;
    private final int kept;
    private final int layers;
    private final int start;
    private final int capacity;
    private int[] slots = new int[64];
    private int size;
    private int cursor;

    /**
     * @param layer zero-based, l
     * @param layers with attention, L, more than the span
     * @param span layers that keep a token, S
     * @param overlap of neighbouring spans, O, less than the span
     * @param cache tokens that are kept, C
     * @param start first tokens that always stay
     */
    Ladder(int layer, int layers, int span, int overlap, int cache, int start) {
        this.group = 1 + Math.ceilDiv(layers - span, span - overlap);
        this.kept = Math.min(Math.ceilDiv(span, span - overlap), group);
        if (group == kept) {
            throw new IllegalArgumentException(
                    "A span of " + span + " and an overlap of " + overlap + " drop nothing");
        }
        this.first = layer % (group - kept + 1);
        this.layers = layers;
        this.start = start;
        this.cursor = start;
        this.capacity = Math.max(cache, start + group) + (group - kept) / 2;
    }

    /** Tokens that the cache holds at the most after a step. */
    int capacity() {
        return capacity;
    }

    /** The newest token joins. */
    void append(int token) {
        slots = size == slots.length ? Arrays.copyOf(slots, 2 * size) : slots;
        slots[size++] = token;
    }

    /** What is held, in the order of the cache. */
    int[] held() {
        return Arrays.copyOf(slots, size);
    }

    /** Shrinks groups until the cache holds no more than it may. */
    void compact() {
        while (size > capacity) {
            boolean room = capacity - cursor - layers >= group;
            if (!room) {
                cursor = start;
            }
            int target = cursor + kept;
            System.arraycopy(slots, cursor + first, slots, cursor, kept);
            System.arraycopy(slots, cursor + group, slots, target, size - cursor - group);
            size -= group - kept;
            cursor = target;
        }
    }
}
