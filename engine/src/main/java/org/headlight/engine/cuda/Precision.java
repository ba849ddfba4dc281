package org.headlight.engine.cuda;

/**
 * What queries, keys and values are kept and multiplied in. Sums and softmax are floats in both.
 */
public enum Precision {
    /** Halves, by the matrix units: for models in halves. */
    FP16(2),
    /** Floats. */
    FP32(4);

    private final int bytes;

    Precision(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes of a number. */
    int bytes() {
        return bytes;
    }
}
