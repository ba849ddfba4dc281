package org.headlight.engine.dump;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** How one number of a tensor is stored. Little-endian, as both file formats write it. */
enum ElementType {
    F64("F64", "<f8", 8),
    F32("F32", "<f4", 4),
    F16("F16", "<f2", 2),
    BF16("BF16", "", 2),
    I64("I64", "<i8", 8),
    I32("I32", "<i4", 4);

    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble DOUBLE =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final String safetensors;
    private final String numpy;
    private final int bytes;

    ElementType(String safetensors, String numpy, int bytes) {
        this.safetensors = safetensors;
        this.numpy = numpy;
        this.bytes = bytes;
    }

    static @Nullable ElementType ofSafetensors(String name) {
        for (ElementType type : values()) {
            if (type.safetensors.equals(name)) {
                return type;
            }
        }
        return null;
    }

    static @Nullable ElementType ofNumpy(String descr) {
        for (ElementType type : values()) {
            if (type.numpy.equals(descr)) {
                return type;
            }
        }
        return null;
    }

    int bytes() {
        return bytes;
    }

    boolean floating() {
        return this != I64 && this != I32;
    }

    /**
     * How far the sum of a row of rounded probabilities may lie from 1: the relative rounding error
     * of one value bounds that of the sum; room is left for a softmax computed in that type.
     */
    double sumTolerance() {
        return switch (this) {
            case F64, F32, I64, I32 -> 1e-3;
            case F16 -> 5e-3;
            case BF16 -> 3e-2;
        };
    }

    float floatAt(MemorySegment data, long offset) {
        return switch (this) {
            case F32 -> data.get(FLOAT, offset);
            case F16 -> Float.float16ToFloat(data.get(SHORT, offset));
            case BF16 -> Float.intBitsToFloat(data.get(SHORT, offset) << 16);
            case F64 -> (float) data.get(DOUBLE, offset);
            case I32 -> data.get(INT, offset);
            case I64 -> data.get(LONG, offset);
        };
    }

    long longAt(MemorySegment data, long offset) {
        return switch (this) {
            case I64 -> data.get(LONG, offset);
            case I32 -> data.get(INT, offset);
            default -> throw new IllegalStateException("not an integer type: " + this);
        };
    }

    /** Copies {@code count} neighbouring numbers as floats. */
    void copy(MemorySegment data, long offset, int count, float[] target, int at) {
        if (this == F32) {
            MemorySegment.copy(data, FLOAT, offset, target, at, count);
            return;
        }
        for (int i = 0; i < count; i++) {
            target[at + i] = floatAt(data, offset + (long) i * bytes);
        }
    }
}
