package org.headlight.engine.model;

/**
 * How many tokens of a long text are run at once: as many as keep the runtime's score tensors, and
 * the logits, under a limit. Chunks get shorter as the past grows.
 *
 * @param bytesPerCell bytes that the runtime holds for a cell of the map, all heads of a site
 * @param bytesPerRow bytes that it holds for a row besides
 * @param limit bytes in all
 */
record ChunkLength(double bytesPerCell, double bytesPerRow, long limit) {
    /** Shorter chunks would cost more in feeding the past again than they save. */
    static final int SHORTEST = 16;

    /** Longer chunks are no faster. */
    static final int LONGEST = 1_024;

    /** Tokens of the chunk that follows {@code past} tokens. */
    int after(int past) {
        // n x (past + n) cells and n rows fit: the positive root of a quadratic.
        double b = bytesPerCell * past + bytesPerRow;
        double root = Math.sqrt(b * b + 4 * bytesPerCell * limit);
        return (int) Math.clamp((root - b) / (2 * bytesPerCell), SHORTEST, LONGEST);
    }

    /** Bytes that the largest chunk of a text of so many tokens takes. */
    long bytes(int tokens) {
        double largest = 0;
        for (int past : new int[] {0, tokens / 2, Math.max(0, tokens - SHORTEST)}) {
            double rows = Math.min(after(past), tokens - past);
            largest = Math.max(largest, rows * (bytesPerCell * (past + rows) + bytesPerRow));
        }
        return (long) largest;
    }
}
