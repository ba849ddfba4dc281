package org.headlight.engine.attend;

/** The first keys, and a window of the last keys up to each query's own position. */
final class Band extends Selection {
    private final int sink;
    private final int window;

    Band(int sink, int window) {
        if (sink < 0 || window < 0) {
            throw new IllegalArgumentException("A band of " + sink + " and " + window + " keys");
        }
        this.sink = sink;
        this.window = window;
    }

    @Override
    public Sharing sharing() {
        return new Sharing(Sharing.ALL, sink, window);
    }

    @Override
    void check(AttentionInput input) {}

    @Override
    int rowsTogether() {
        return TileWork.ROWS;
    }

    @Override
    void visit(TileWork work, int head, int row0) {
        work.limitBefore(window);
        work.range(0, sink);
        work.limitToWindow(window);
        work.range(work.windowStart(window), work.endKey());
    }

    /** Where the window of a row begins, from the end of the sink at the earliest. */
    private int start(AttentionInput input, int row) {
        int end = end(input, row);
        return Math.max(Math.min(sink, end), end - window);
    }

    private static int end(AttentionInput input, int row) {
        int keys = input.k().rows();
        return Math.clamp(row + 1L + keys - input.q().rows(), 0, keys);
    }

    @Override
    int count(AttentionInput input, int head, int row) {
        int end = end(input, row);
        return Math.min(sink, end) + end - start(input, row);
    }

    @Override
    void list(AttentionInput input, int head, int row, int from, int count, int[] keys) {
        int first = Math.min(sink, end(input, row));
        int start = start(input, row);
        for (int i = 0; i < count; i++) {
            int at = from + i;
            keys[i] = at < first ? at : start + at - first;
        }
    }

    @Override
    void keys(Shape shape, int head, int row, Runs target) {
        int end = shape.end(row);
        target.run(0, Math.min(sink, end));
        target.run(Math.max(0, end - window), end);
    }

    @Override
    public Selection head(Shape shape, int head) {
        return this;
    }
}
