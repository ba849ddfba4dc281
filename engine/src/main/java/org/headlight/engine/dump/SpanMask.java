package org.headlight.engine.dump;

import org.headlight.engine.capture.AttentionMask;

import java.util.function.IntUnaryOperator;

/** A mask without biases in which every query sees one run of neighbouring keys. */
final class SpanMask implements AttentionMask {
    private final IntUnaryOperator first;
    private final IntUnaryOperator end;
    private final boolean causal;

    /**
     * Makes the mask.
     *
     * @param first first key of a row
     * @param end one after the last key of a row
     * @param causal whether every end is row + offset + 1
     */
    SpanMask(IntUnaryOperator first, IntUnaryOperator end, boolean causal) {
        this.first = first;
        this.end = end;
        this.causal = causal;
    }

    @Override
    public int firstKey(int row) {
        return first.applyAsInt(row);
    }

    @Override
    public int endKey(int row) {
        return end.applyAsInt(row);
    }

    @Override
    public boolean unbiased() {
        return true;
    }

    @Override
    public float bias(int row, int col) {
        return col >= firstKey(row) && col < endKey(row) ? 0 : MASKED;
    }

    @Override
    public boolean causal() {
        return causal;
    }
}
