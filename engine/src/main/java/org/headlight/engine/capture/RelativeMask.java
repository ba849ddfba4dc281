package org.headlight.engine.capture;

/**
 * Biases that depend on the distance of key and query alone, as of ALiBi and of T5: one number for
 * each distance instead of one for each cell. Each query sees one run of keys of its own.
 */
public final class RelativeMask implements AttentionMask {
    private final int[] first;
    private final int[] end;
    private final float[] byDistance;
    private final boolean causal;

    /**
     * @param first for each row, the first key that it sees, [N]
     * @param end for each row, one after the last key that it sees, [N]
     * @param byDistance what is added where the key's number less the row's is d, at d + N - 1; [N
     *     + M - 1]
     */
    public RelativeMask(int[] first, int[] end, float[] byDistance) {
        if (first.length != end.length || byDistance.length < first.length) {
            throw new IllegalArgumentException(
                    byDistance.length + " distances for " + first.length + " rows");
        }
        this.first = first.clone();
        this.end = end.clone();
        this.byDistance = byDistance.clone();
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
        return col >= first[row] && col < end[row]
                ? byDistance[col - row + first.length - 1]
                : MASKED;
    }

    @Override
    public boolean causal() {
        return causal;
    }

    /** What is added, by the key's number less the row's, from 1 - N on: [N + M - 1]. */
    public float[] byDistance() {
        return byDistance.clone();
    }

    /** Whether every row sees the same keys in both. */
    public boolean seesLike(RelativeMask other) {
        return java.util.Arrays.equals(first, other.first)
                && java.util.Arrays.equals(end, other.end);
    }
}
