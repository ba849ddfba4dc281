package org.headlight.engine.attend;

import org.headlight.engine.kernel.FlashKernels;
import org.headlight.engine.kernel.FlashRow;
import org.headlight.engine.task.Progress;

/**
 * Computes attention of all heads by our own kernels, on several threads. Holds the threads and
 * their scratch memory (some 50 to 100 KB each), which are made at the first call; later calls of
 * the same widths allocate nothing. Calls from several threads wait for each other.
 *
 * <p>The method is that of FlashAttention (Dao et al. 2022): a running softmax over pieces of the
 * keys, so that nothing of N x M is held.
 */
public final class Attention implements AttentionRunner {
    /** Up to so many queries are worked on one by one, more in tiles. */
    private static final int FEW = 8;

    /** Multiply-adds above which a call waits for kernels that are still being compiled. */
    private static final double WAITS = 3e9;

    private final Team team;
    private final Call call;
    private final Tiles tiles = new Tiles();
    private final Rows rows = new Rows();
    private final Lists lists = new Lists();
    private final Steps steps = new Steps();
    private final TileWork[] tileWorks;
    private final RowWork[] rowWorks;
    private final ListWork[] listWorks;
    private int pieces;
    private float[] parts = new float[0];

    /**
     * @param kernels the inner loops
     * @param threads how many work at a time, the caller's own counted
     */
    public Attention(FlashKernels kernels, int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException(threads + " threads");
        }
        this.team = new Team(threads);
        this.call = new Call(kernels);
        this.tileWorks = new TileWork[threads];
        this.rowWorks = new RowWork[threads];
        this.listWorks = new ListWork[threads];
        for (int i = 0; i < threads; i++) {
            tileWorks[i] = new TileWork(call);
            rowWorks[i] = new RowWork(call);
            listWorks[i] = new ListWork(call, rowWorks[i]);
        }
    }

    @Override
    public synchronized void run(
            AttentionInput input, Selection selection, AttentionOutput output, Progress progress) {
        long start = System.nanoTime();
        output.check(input);
        selection.check(input);
        output.counters().clear();
        int queries = input.q().rows();
        if (products(input) > WAITS) {
            call.kernels().awaitWarmUp(progress::cancelled);
        }
        call.begin(input, selection, output, progress);
        try {
            if (queries == 0) {
                return;
            }
            if (queries <= FEW && selection.count(input, 0, 0) != Selection.UNLISTED) {
                runRows(input, selection, output);
            } else if (selection instanceof Spans && !selection.tiled()) {
                runLists(input, output);
            } else if (!selection.tiled()) {
                runSteps(input, output);
            } else {
                runTiles(input, output);
            }
            progress.check();
        } finally {
            call.end();
        }
        output.counters().took(System.nanoTime() - start);
    }

    private static double products(AttentionInput input) {
        HeadArray q = input.q();
        double pairs = 0.5 * q.heads() * q.rows() * input.k().rows();
        return pairs * (q.width() + input.v().width());
    }

    private void runTiles(AttentionInput input, AttentionOutput output) {
        for (TileWork work : tileWorks) {
            work.start();
        }
        int perHead = Math.ceilDiv(input.q().rows(), TileWork.ROWS);
        team.run(tiles, perHead * input.q().heads());
        for (TileWork work : tileWorks) {
            output.counters().add(work.pairs(), work.weighed(), work.bytes());
        }
    }

    private void runRows(AttentionInput input, Selection selection, AttentionOutput output) {
        int queries = input.q().heads() * input.q().rows();
        int longest = 0;
        for (int item = 0; item < queries; item++) {
            int row = item % input.q().rows();
            longest = Math.max(longest, selection.count(input, item / input.q().rows(), row));
        }
        pieces = Math.max(1, Math.ceilDiv(longest, FlashRow.KEYS));
        int need = queries * pieces * (input.v().width() + 2);
        if (parts.length < need) {
            parts = new float[need];
        }
        for (RowWork work : rowWorks) {
            work.start();
        }
        team.run(rows, queries * pieces);
        for (RowWork work : rowWorks) {
            output.counters().add(work.pairs(), work.pairs(), work.bytes());
        }
        for (int item = 0; item < queries; item++) {
            int part = input.v().width() + 2;
            RowWork.merge(call, item, parts, item * pieces * part, pieces);
        }
    }

    private void runLists(AttentionInput input, AttentionOutput output) {
        for (int i = 0; i < rowWorks.length; i++) {
            rowWorks[i].start();
            listWorks[i].start();
        }
        int perHead = Math.ceilDiv(input.q().rows(), ListWork.ROWS);
        team.run(lists, perHead * input.q().heads());
        for (int i = 0; i < rowWorks.length; i++) {
            RowWork row = rowWorks[i];
            ListWork list = listWorks[i];
            output.counters().add(row.pairs(), row.pairs(), row.bytes());
            output.counters().add(list.pairs(), list.weighed(), list.bytes());
        }
    }

    private void runSteps(AttentionInput input, AttentionOutput output) {
        for (RowWork work : rowWorks) {
            work.start();
        }
        team.run(steps, input.k().heads() * input.q().rows());
        for (RowWork work : rowWorks) {
            output.counters().add(work.pairs(), work.pairs(), work.bytes());
        }
    }

    /** Ends the threads; the next call fails. */
    @Override
    public void close() {
        team.close();
    }

    /**
     * Items are tiles: heads in turn, and within a head the last queries, which see most, first.
     */
    private final class Tiles implements Team.Work {
        @Override
        public void run(int member, int item) {
            int perHead = Math.ceilDiv(call.input().q().rows(), TileWork.ROWS);
            int tile = perHead - 1 - item % perHead;
            tileWorks[member].run(item / perHead, tile * TileWork.ROWS);
        }

        @Override
        public boolean cancelled() {
            return call.progress().cancelled();
        }
    }

    /** Items are pieces of keys; heads that share keys take a piece in turn. */
    private final class Rows implements Team.Work {
        @Override
        public void run(int member, int item) {
            AttentionInput input = call.input();
            int group = input.q().heads() / input.k().heads() * input.q().rows();
            int keyHead = item / (group * pieces);
            int rest = item - keyHead * group * pieces;
            int query = keyHead * group + rest % group;
            int piece = rest / group;
            int at = (query * pieces + piece) * (input.v().width() + 2);
            rowWorks[member].run(query, piece * FlashRow.KEYS, parts, at);
        }

        @Override
        public boolean cancelled() {
            return call.progress().cancelled();
        }
    }

    /**
     * Items are groups of neighbouring queries with lists of their own: heads in turn, and within a
     * head the last queries first.
     */
    private final class Lists implements Team.Work {
        @Override
        public void run(int member, int item) {
            int perHead = Math.ceilDiv(call.input().q().rows(), ListWork.ROWS);
            int group = perHead - 1 - item % perHead;
            if (call.selection() instanceof Spans spans) {
                listWorks[member].run(spans, item / perHead, group * ListWork.ROWS);
            }
        }

        @Override
        public boolean cancelled() {
            return call.progress().cancelled();
        }
    }

    /** Items are queries, each with all heads that share keys. */
    private final class Steps implements Team.Work {
        @Override
        public void run(int member, int item) {
            int rows = call.input().q().rows();
            rowWorks[member].runGroup(item / rows, item % rows);
        }

        @Override
        public boolean cancelled() {
            return call.progress().cancelled();
        }
    }
}
