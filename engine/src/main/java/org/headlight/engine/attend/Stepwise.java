package org.headlight.engine.attend;

/** The keys of another selection, each query by itself. */
final class Stepwise extends Selection {
    private final Selection keys;

    Stepwise(Selection keys) {
        this.keys = keys;
    }

    @Override
    boolean tiled() {
        return false;
    }

    @Override
    public Sharing sharing() {
        return new Sharing(0, Sharing.ALL, 0);
    }

    @Override
    public boolean listed() {
        return keys.listed();
    }

    @Override
    void check(AttentionInput input) {
        keys.check(input);
    }

    @Override
    int rowsTogether() {
        return keys.rowsTogether();
    }

    @Override
    void visit(TileWork work, int head, int row0) {
        throw new IllegalStateException("Queries that are computed one by one have no tiles");
    }

    @Override
    int count(AttentionInput input, int head, int row) {
        int listed = keys.count(input, head, row);
        if (listed != UNLISTED) {
            return listed;
        }
        int[] count = {0};
        keys.runs(Shape.of(input), head, row, (start, end) -> count[0] += end - start);
        return count[0];
    }

    @Override
    void list(AttentionInput input, int head, int row, int from, int count, int[] target) {
        if (keys.count(input, head, row) != UNLISTED) {
            keys.list(input, head, row, from, count, target);
            return;
        }
        int[] before = {0};
        keys.runs(
                Shape.of(input),
                head,
                row,
                (start, end) -> {
                    int first = Math.max(0, before[0] - from);
                    int skipped = Math.max(0, from - before[0]);
                    for (int key = start + skipped; key < end; key++) {
                        int at = first + key - start - skipped;
                        if (at < count) {
                            target[at] = key;
                        }
                    }
                    before[0] += end - start;
                });
    }

    @Override
    void keys(Shape shape, int head, int row, Runs target) {
        keys.keys(shape, head, row, target);
    }

    @Override
    public Selection head(Shape shape, int head) {
        return new Stepwise(keys.head(shape, head));
    }
}
