package org.headlight.engine.capture;

/**
 * Which keys a query may see, and what is added to the scaled scores before the softmax: the mask
 * that the model really uses, read off its run. Rows are queries, columns keys (both zero-based
 * within the map).
 */
public interface AttentionMask {

    /** The value of {@link #bias} for a cell that the query may not see. */
    float MASKED = Float.NEGATIVE_INFINITY;

    /** The first key that the query in {@code row} may see; keys before it are masked. */
    int firstKey(int row);

    /**
     * One after the last key that the query in {@code row} may see; keys from here on are masked.
     */
    int endKey(int row);

    /**
     * Whether every key in [{@link #firstKey}, {@link #endKey}) has bias 0, for every row. Kernels
     * take the fast path then.
     */
    boolean unbiased();

    /**
     * What is added to the scaled score of a cell; {@link #MASKED} where the query may not look.
     */
    float bias(int row, int col);

    /** Whether the cell is masked. */
    default boolean masked(int row, int col) {
        return bias(row, col) == MASKED;
    }

    /**
     * Whether no query sees a key after its own position: every endKey(row) is row + offset + 1.
     * One row that sees every key may be either; who makes the mask says which ({@link
     * #causal(int)} or {@link #full}), by what the model does with more tokens.
     */
    boolean causal();

    /** No mask: every query sees every one of {@code keys} keys. */
    static AttentionMask full(int keys) {
        return new Masks.Full(keys);
    }

    /**
     * Causal: the query in row r sits at key position r + offset and sees keys 0 to r + offset.
     *
     * @param offset keys minus queries (0 when both cover the same tokens)
     */
    static AttentionMask causal(int offset) {
        return new Masks.Causal(offset);
    }

    /** Causal, and only the last {@code width} keys up to and including the query's own. */
    static AttentionMask window(int offset, int width) {
        return new Masks.Window(offset, width);
    }
}
