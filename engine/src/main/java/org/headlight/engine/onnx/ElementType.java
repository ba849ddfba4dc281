package org.headlight.engine.onnx;

import java.util.Locale;

/** Element types of ONNX tensors, by their number in the format. */
public enum ElementType {
    UNDEFINED(0),
    FLOAT(32),
    UINT8(8),
    INT8(8),
    UINT16(16),
    INT16(16),
    INT32(32),
    INT64(64),
    STRING(0),
    BOOL(8),
    FLOAT16(16),
    DOUBLE(64),
    UINT32(32),
    UINT64(64),
    COMPLEX64(64),
    COMPLEX128(128),
    BFLOAT16(16),
    FLOAT8E4M3FN(8),
    FLOAT8E4M3FNUZ(8),
    FLOAT8E5M2(8),
    FLOAT8E5M2FNUZ(8),
    UINT4(4),
    INT4(4),
    FLOAT4E2M1(4),
    FLOAT8E8M0(8),
    UINT2(2),
    INT2(2);

    private final int bits;

    ElementType(int bits) {
        this.bits = bits;
    }

    /** The type with this number; {@link #UNDEFINED} for a number that is not known. */
    public static ElementType of(int number) {
        ElementType[] all = values();
        return number >= 0 && number < all.length ? all[number] : UNDEFINED;
    }

    /** Bits of one element; 0 where elements have no fixed size. */
    public int bits() {
        return bits;
    }

    /** As the format writes it, such as "int64". */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
