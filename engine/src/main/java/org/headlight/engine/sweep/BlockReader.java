package org.headlight.engine.sweep;

/**
 * Reads a head's map in lanes: 64 rows at a time, {@code [keys, 64]}. One thread uses one reader.
 * First {@link #select} rows, then ask for them in any of the ways below.
 */
interface BlockReader {

    /** Keys per piece of work: 32 KB of scores stay in the first cache; a multiple of 6. */
    int CHUNK = 126;

    /** Takes rows row0, row0 + step ..., {@code count} of them. */
    void select(int row0, int count, int step);

    /** Is told which keys of a block are there. */
    interface Filled {
        /** Keys [from, to) are; {@link RowBlock#CHUNK} at a time, in order. */
        void keys(int from, int to);
    }

    /**
     * Fills the block with the selected rows, every key; grows its array when needed.
     *
     * @param filled is told of all keys, when what the block says of its rows is there too
     */
    void fill(RowBlock block, Filled filled);

    /**
     * The norms of the selected rows: what turns scores into probabilities.
     *
     * @param max receives the largest score of each row, [64]
     * @param inverse receives one over each row's sum, [64]; 0 without visible keys
     */
    void norms(float[] max, float[] inverse);

    /**
     * Scores of keys [key0, key1), masked ones negative infinity, into [key1 - key0, 64]. Monotone
     * in the probability: {@link #finish} makes probabilities of scores or of maxima of scores.
     */
    void scores(int key0, int key1, float[] target, int offset);

    /** Turns {@code keys} x 64 scores into probabilities in place, by the norms of their rows. */
    void finish(float[] scores, int offset, int keys, float[] max, float[] inverse);
}
