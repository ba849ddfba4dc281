package org.headlight.engine.attend;

/** Every key. */
final class Dense extends Selection {
    static final Dense ALL = new Dense();

    private Dense() {}

    @Override
    public Sharing sharing() {
        return new Sharing(Sharing.ALL, Sharing.ALL, 0);
    }

    @Override
    void check(AttentionInput input) {}

    @Override
    int rowsTogether() {
        return TileWork.ROWS;
    }

    @Override
    void visit(TileWork work, int head, int row0) {
        work.limitToMask();
        work.range(work.firstKey(), work.endKey());
    }

    @Override
    int count(AttentionInput input, int head, int row) {
        return input.k().rows();
    }

    @Override
    void list(AttentionInput input, int head, int row, int from, int count, int[] keys) {
        for (int i = 0; i < count; i++) {
            keys[i] = from + i;
        }
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
