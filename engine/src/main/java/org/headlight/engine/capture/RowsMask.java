package org.headlight.engine.capture;

/** Each query sees one run of keys of its own, without bias; an empty run where it sees none. */
final class RowsMask implements AttentionMask {
    private final int[] first;
    private final int[] end;
    private final boolean causal;

    RowsMask(int[] first, int[] end) {
        this.first = first.clone();
        this.end = end.clone();
        this.causal = MaskReader.diagonal(end);
    }

    @Override
    public int firstKey(int row) {
        return first[row];
    }

    @Override
    public int endKey(int row) {
        return end[row];
    }

    @Override
    public boolean unbiased() {
        return true;
    }

    @Override
    public float bias(int row, int col) {
        return col >= first[row] && col < end[row] ? 0 : MASKED;
    }

    @Override
    public boolean causal() {
        return causal;
    }
}
