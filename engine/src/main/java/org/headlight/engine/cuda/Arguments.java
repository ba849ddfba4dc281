package org.headlight.engine.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The struct that a kernel takes, written field by field: each is aligned to its own size. */
public final class Arguments {
    private static final int MOST = 256;

    private final MemorySegment segment;
    private long size;

    public Arguments(Arena arena) {
        segment = arena.allocate(MOST, Long.BYTES);
    }

    /** A pointer; 0 for none. */
    public Arguments address(long address) {
        return wide(address);
    }

    /** A 64-bit number. */
    public Arguments wide(long number) {
        size = Math.ceilDiv(size, Long.BYTES) * Long.BYTES;
        segment.set(ValueLayout.JAVA_LONG, size, number);
        size += Long.BYTES;
        return this;
    }

    /** A 32-bit number. */
    public Arguments number(int number) {
        segment.set(ValueLayout.JAVA_INT, size, number);
        size += Integer.BYTES;
        return this;
    }

    /** A float. */
    public Arguments real(float number) {
        segment.set(ValueLayout.JAVA_FLOAT, size, number);
        size += Float.BYTES;
        return this;
    }

    /** A double. */
    public Arguments real(double number) {
        size = Math.ceilDiv(size, Double.BYTES) * Double.BYTES;
        segment.set(ValueLayout.JAVA_DOUBLE, size, number);
        size += Double.BYTES;
        return this;
    }

    /** The struct, filled up to a multiple of 8 bytes. */
    public MemorySegment segment() {
        return segment.asSlice(0, Math.ceilDiv(size, Long.BYTES) * Long.BYTES);
    }
}
