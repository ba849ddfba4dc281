package org.headlight.engine.attend;

/**
 * Which keys take part, on top of what the mask allows: a pair counts when the mask lets the query
 * see the key and the selection has it. What is not selected is not computed. Immutable, and the
 * same one may serve many calls.
 */
public abstract sealed class Selection
        permits Dense, Band, BlockCsr, Stripes, KeyPositions, Spans, TileSkip, Stepwise {

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

    /**
     * Every key that could still matter: a piece of 64 keys is left out by 64 queries when all its
     * scores lie so far below what each of them has seen that their weights would be less than the
     * limit (BLASST, arXiv 2512.12087). The scores are computed; the softmax and the values are
     * skipped.
     *
     * @param limit of a weight against the largest so far, 0 (nothing is skipped) to below 1
     */
    public static Selection skipping(double limit) {
        return new TileSkip(limit);
    }

    /**
     * The same keys, but each query is computed by itself, as in decoding, where the others are not
     * there yet: what a step takes and reads is then what it would take and read. Skipping pieces
     * falls away.
     */
    public static Selection stepwise(Selection selection) {
        return selection instanceof Stepwise ? selection : new Stepwise(selection);
    }

    /** What a selection is applied to. */
    public record Shape(int heads, int keyHeads, int queries, int keys) {

        /** The shape of a call. */
        public static Shape of(AttentionInput input) {
            return new Shape(
                    input.q().heads(), input.k().heads(), input.q().rows(), input.k().rows());
        }

        /** The key head that a query head uses. */
        int keyHead(int head) {
            return head / (heads / keyHeads);
        }

        /** One after a query's own position among the keys. */
        int end(int row) {
            return Math.clamp(row + 1L + keys - queries, 0, keys);
        }
    }

    /**
     * How queries share keys.
     *
     * @param rows how many neighbouring queries, from a multiple of that many on, share a list of
     *     keys: a multiple of 64, {@link Sharing#ALL} where all queries of a head do; 0 where each
     *     query has its own or where what is left out shows only while it is computed
     * @param first how many of the first keys every query uses up to its own position; {@link
     *     Sharing#ALL} where lists say which keys are used, or all are
     * @param window how many keys up to and including its own position a query uses besides; 0 for
     *     none
     */
    public record Sharing(int rows, int first, int window) {
        /** No limit. */
        public static final int ALL = 1 << 30;
    }

    /** How queries share keys, for kernels elsewhere. */
    public abstract Sharing sharing();

    /**
     * Checks that this fits.
     *
     * @throws IllegalArgumentException when it does not
     */
    public final void verify(AttentionInput input) {
        check(input);
    }

    /** Receives the keys of a query. */
    @FunctionalInterface
    public interface Runs {

        /** Keys that follow each other. */
        void run(int start, int end);
    }

    /**
     * Hands out the keys that a query may use, masks apart, as runs in rising order that do not
     * touch.
     */
    public final void runs(Shape shape, int head, int row, Runs target) {
        RunJoiner joiner = new RunJoiner(target);
        keys(shape, head, row, joiner);
        joiner.finish();
    }

    /** Hands out the keys that a query may use, as runs in rising order. */
    abstract void keys(Shape shape, int head, int row, Runs target);

    /** The same for one query head alone, which is then head 0. */
    public abstract Selection head(Shape shape, int head);

    /** Whether queries are worked on in tiles of {@link #rowsTogether}. */
    boolean tiled() {
        return true;
    }

    /**
     * Whether the keys of a query are known before its scores are; otherwise {@link #runs} hands
     * out all that may be used.
     */
    public boolean listed() {
        return true;
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
