package org.headlight.engine.capture;

/** A mask with biases, or with holes between the keys that a query sees. */
final class BiasedMask implements AttentionMask {
    private final int[] first;
    private final int[] end;
    private final BiasTable table;
    private final boolean causal;

    BiasedMask(int[] first, int[] end, BiasTable table) {
        this.first = first.clone();
        this.end = end.clone();
        this.table = table;
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
        return false;
    }

    @Override
    public float bias(int row, int col) {
        return col >= first[row] && col < end[row] ? table.bias(row, col) : MASKED;
    }

    @Override
    public boolean causal() {
        return causal;
    }
}
