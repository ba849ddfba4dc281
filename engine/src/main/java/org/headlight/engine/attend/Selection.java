package org.headlight.engine.attend;

/**
 * Which keys take part, on top of what the mask allows: a pair counts when the mask lets the query
 * see the key and the selection has it. What is not selected is not computed. Immutable, and the
 * same one may serve many calls.
 */
public abstract sealed class Selection permits Dense, Band, BlockCsr, Stripes, KeyPositions {

    /** There is no list of keys for a single query. */
    static final int UNLISTED = -1;

    Selection() {}

    /** Every key. */
    public static Selection dense() {
        return Dense.ALL;
    }

    /**
     * The first {@code sink} keys, and the last {@code window} keys, both up to each query's own
     * position (row + M - N).
     */
    public static Selection band(int sink, int window) {
        return new Band(sink, window);
    }

    /** Checks that this fits; called once before the work begins. */
    abstract void check(AttentionInput input);

    /**
     * How many neighbouring queries, from a multiple of that many on, use the same keys but for the
     * limits: a multiple of 64.
     */
    abstract int rowsTogether();

    /** Hands the keys of one tile of queries to the work, in pieces. */
    abstract void visit(TileWork work, int head, int row0);

    /**
     * How many keys one query may use without regard to the mask; {@link #UNLISTED} when a single
     * query is no faster than a tile.
     */
    abstract int count(AttentionInput input, int head, int row);

    /**
     * Lists some of those keys, in rising order.
     *
     * @param from index of the first within the query's keys
     * @param keys receives {@code count} keys
     */
    abstract void list(AttentionInput input, int head, int row, int from, int count, int[] keys);
}
