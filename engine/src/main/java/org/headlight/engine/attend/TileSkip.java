package org.headlight.engine.attend;

/** Every key, but pieces whose weights would be next to nothing are not taken into the softmax. */
final class TileSkip extends Selection {
    private static final int PIECE = 64;

    private final double limit;

    TileSkip(double limit) {
        if (!(limit >= 0 && limit < 1)) {
            throw new IllegalArgumentException("A limit of " + limit + " for weights");
        }
        this.limit = limit;
    }

    @Override
    public Sharing sharing() {
        return new Sharing(0, Sharing.ALL, 0);
    }

    @Override
    public boolean listed() {
        return limit == 0;
    }

    @Override
    void check(AttentionInput input) {}

    @Override
    int rowsTogether() {
        return TileWork.ROWS;
    }

    /** The first keys and the nearest come first: they most often hold the largest scores. */
    @Override
    void visit(TileWork work, int head, int row0) {
        work.limitToMask();
        int first = work.firstKey() / PIECE * PIECE;
        int near = Math.max(first, (work.endKey() - 1) / PIECE * PIECE - PIECE);
        int early = Math.min(near, first + PIECE);
        work.range(first, early);
        work.range(near, work.endKey());
        work.skipBelow(limit);
        for (int key = near; key > early; key -= PIECE) {
            work.range(Math.max(early, key - PIECE), key);
        }
        work.skipBelow(0);
    }

    @Override
    int count(AttentionInput input, int head, int row) {
        return UNLISTED;
    }

    @Override
    void list(AttentionInput input, int head, int row, int from, int count, int[] keys) {
        throw new IllegalStateException("Pieces are skipped in tiles");
    }

    @Override
    void keys(Shape shape, int head, int row, Runs target) {
        target.run(0, shape.keys());
    }

    @Override
    public Selection head(Shape shape, int head) {
        return this;
    }
}
