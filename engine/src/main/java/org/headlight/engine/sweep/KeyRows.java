package org.headlight.engine.sweep;

import org.headlight.engine.matrix.Matrix;

/**
 * Keys as an array for the kernels. Small ones are copied once and shared by the threads; large
 * ones are copied piece by piece, so that a sweep over a mapped file does not fill the heap.
 */
final class KeyRows {
    private static final long SHARED_FLOATS = 1L << 24;

    private final Matrix keys;
    private final boolean shared;
    private float[] rows;

    private KeyRows(Matrix keys, boolean shared, float[] rows) {
        this.keys = keys;
        this.shared = shared;
        this.rows = rows;
    }

    /** Keys of which all will be used, often. */
    static KeyRows forSweep(Matrix keys) {
        long floats = (long) keys.rows() * keys.cols();
        if (floats > SHARED_FLOATS) {
            return new KeyRows(keys, false, new float[0]);
        }
        float[] all = new float[(int) floats];
        keys.copyRows(0, keys.rows(), all, 0);
        return new KeyRows(keys, true, all);
    }

    /** Keys of which a few will be used. */
    static KeyRows onDemand(Matrix keys) {
        return new KeyRows(keys, false, new float[0]);
    }

    /** The same keys for another thread. */
    KeyRows forThread() {
        return shared ? this : new KeyRows(keys, false, new float[0]);
    }

    /** Makes keys [key0, key1) available in {@link #array}; returns where they start. */
    int load(int key0, int key1) {
        if (shared) {
            return key0 * keys.cols();
        }
        int floats = Math.multiplyExact(key1 - key0, keys.cols());
        if (rows.length < floats) {
            rows = new float[floats];
        }
        keys.copyRows(key0, key1, rows, 0);
        return 0;
    }

    float[] array() {
        return rows;
    }
}
