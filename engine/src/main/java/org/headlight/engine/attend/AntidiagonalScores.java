package org.headlight.engine.attend;

import org.headlight.engine.kernel.AttentionKernels;
import org.headlight.engine.problem.CancelledException;
import org.headlight.engine.task.Progress;

import java.util.Arrays;

/**
 * The block scores of XAttention (Xu et al. 2025): every S queries and every S keys are put into
 * one, the queries in reverse, so that a product sums an antidiagonal of S x S scores; a causal
 * softmax over these, then sums over blocks. It costs 1 / (2 S) of attention, and holds 64 x M / S
 * numbers a thread.
 *
 * <p>Block (r, c) of a head is the sum, over the query groups of block row r and the key groups of
 * block column c, of the softmax of {@code scale / S} times the antidiagonal sum. The last query
 * group is aligned with the last key group; groups that are not full are filled with zeros.
 */
public final class AntidiagonalScores implements BlockScorer, AutoCloseable {
    private static final int LANES = AttentionKernels.LANES;
    private static final int LANES_PACKED = 8;

    private final AttentionKernels kernels;
    private final Team team;
    private final Scratch[] scratch;
    private final Tiles tiles = new Tiles();
    private HeadArray q = HeadArray.headsFirst(new float[1], 1, 1, 1);
    private HeadArray k = q;
    private float[] sums = new float[0];
    private Progress progress = Progress.NONE;
    private float factor;
    private int stride;
    private int block;
    private Groups layout = new Groups(1, 1, true, 0);

    /**
     * How tokens are grouped, and which key groups a query group sees. A group is seen whole when
     * any query of the one may see any key of the other, as the method has it.
     *
     * @param stride queries and keys of a group, S, 1 to 64; divides {@code block}
     * @param block queries and keys of a block
     * @param causal whether groups after a query's own are hidden; the last query group is aligned
     *     with the last key group
     * @param window how many keys back a query sees, its own counted; 0 for all of them
     */
    public record Groups(int stride, int block, boolean causal, int window) {}

    /** Memory of one thread. */
    private static final class Scratch {
        private float[] packed = new float[0];
        private float[] scores = new float[0];
        private float[] groups = new float[0];
        private float[] padded = new float[0];
        private final float[] max = new float[LANES];
        private final float[] sum = new float[LANES];
        private final float[] weighted = new float[LANES];
        private final float[] least = new float[LANES];
    }

    /**
     * Makes the threads, which sleep between calls.
     *
     * @param kernels the inner loops of maps
     * @param threads how many work at a time, the caller's own counted
     */
    public AntidiagonalScores(AttentionKernels kernels, int threads) {
        this.kernels = kernels;
        this.team = new Team(threads);
        this.scratch = new Scratch[threads];
        for (int i = 0; i < threads; i++) {
            scratch[i] = new Scratch();
        }
    }

    /** Scores the blocks of every head of causal attention. */
    public void run(
            HeadArray queries,
            HeadArray keys,
            float scale,
            int groupSize,
            int blockSize,
            float[] target,
            Progress theProgress) {
        run(queries, keys, scale, new Groups(groupSize, blockSize, true, 0), target, theProgress);
    }

    /**
     * Scores the blocks of every head.
     *
     * @param queries [H, N, D]
     * @param keys [KV, M, D], rows without gaps; KV divides H, and M is at least N where it is
     *     causal
     * @param scale of attention, often 1 / sqrt(D)
     * @param groups how tokens are grouped
     * @param target receives the block sums, [H, ceil(N / block), ceil(M / block)]
     * @throws CancelledException when it was cancelled; the target is then partly written
     * @throws IllegalArgumentException when shapes do not fit
     */
    public synchronized void run(
            HeadArray queries,
            HeadArray keys,
            float scale,
            Groups groups,
            float[] target,
            Progress theProgress) {
        check(queries, keys, groups, target.length);
        layout = groups;
        q = queries;
        k = keys;
        factor = scale / groups.stride * AttentionKernels.LOG2E;
        stride = groups.stride;
        block = groups.block;
        sums = target;
        progress = theProgress;
        team.run(tiles, q.heads() * tilesOfHead());
        theProgress.check();
    }

    /** Keys lie without gaps, and no query comes before the first key where it is causal. */
    @Override
    public boolean can(AttentionInput input, Groups groups) {
        return fits(input.q(), input.k(), groups);
    }

    @Override
    public void score(AttentionInput input, Groups groups, float[] target, Progress theProgress) {
        run(input.q(), input.k(), input.scale(), groups, target, theProgress);
    }

    private static boolean fits(HeadArray q, HeadArray k, Groups groups) {
        return q.width() == k.width()
                && q.heads() % k.heads() == 0
                && (k.rows() >= q.rows() || !groups.causal)
                && k.rowStride() == k.width();
    }

    private static void check(HeadArray q, HeadArray k, Groups groups, int room) {
        int stride = groups.stride;
        int block = groups.block;
        if (!fits(q, k, groups)) {
            throw new IllegalArgumentException(
                    "Queries " + q.shape() + " and keys " + k.shape() + " do not fit");
        }
        int rows = Math.ceilDiv(q.rows(), block);
        if (stride < 1 || stride > LANES || block < 1 || block % stride != 0) {
            throw new IllegalArgumentException(
                    "Groups of " + stride + " in blocks of " + block + " cannot be scored");
        }
        if (room < q.heads() * rows * Math.ceilDiv(k.rows(), block)) {
            throw new IllegalArgumentException("The target is too small: " + room);
        }
    }

    /** Query rows of a tile: whole blocks. */
    private int rowsOfTile() {
        return block * Math.max(1, LANES * stride / block);
    }

    private int tilesOfHead() {
        return Math.ceilDiv(q.rows(), rowsOfTile());
    }

    /** Ends the threads; the next call fails. */
    @Override
    public void close() {
        team.close();
    }

    /** Items are whole block rows of a head, the last first. */
    private final class Tiles implements Team.Work {
        @Override
        public void run(int member, int item) {
            int head = item / tilesOfHead();
            int first = (tilesOfHead() - 1 - item % tilesOfHead()) * rowsOfTile();
            int columns = Math.ceilDiv(k.rows(), block);
            int blockRows = Math.ceilDiv(q.rows(), block);
            int end = Math.min(q.rows(), first + rowsOfTile());
            int from = (head * blockRows + first / block) * columns;
            int to = (head * blockRows + Math.ceilDiv(end, block)) * columns;
            Arrays.fill(sums, from, to, 0);
            for (int row = first; row < end; row += LANES * stride) {
                score(scratch[member], head, row, end);
            }
        }

        @Override
        public boolean cancelled() {
            return progress.cancelled();
        }
    }

    private void score(Scratch own, int head, int row0, int end) {
        int depth = stride * q.width();
        int keyHead = head / (q.heads() / k.heads());
        int lanes = Math.ceilDiv(Math.min(end - row0, LANES * stride), stride);
        int allKeys = Math.ceilDiv(k.rows(), stride);
        int position0 = row0 / stride + allKeys - Math.ceilDiv(q.rows(), stride);
        int keys = layout.causal ? Math.min(allKeys, position0 + lanes) : allKeys;
        reserve(own, depth, keys);
        pack(own.packed, head, row0);
        int whole = Math.min(keys, k.rows() / stride);
        kernels.scores(own.packed, depth, k.values(), k.at(keyHead, 0), whole, own.scores, 0);
        if (whole < keys) {
            int rest = (k.rows() - whole * stride) * k.width();
            Arrays.fill(own.padded, 0);
            System.arraycopy(k.values(), k.at(keyHead, whole * stride), own.padded, 0, rest);
            kernels.scores(own.packed, depth, own.padded, 0, 1, own.scores, whole * LANES);
        }
        hide(own, position0, keys);
        soften(own, keys, lanes);
        add(own, head, row0, keys, lanes);
    }

    /** Hides the groups after a query's own and those that lie before its window. */
    private void hide(Scratch own, int position0, int keys) {
        for (int key = position0 + 1; layout.causal && key < keys; key++) {
            int hidden = Math.min(LANES, key - position0);
            Arrays.fill(own.scores, key * LANES, key * LANES + hidden, Float.NEGATIVE_INFINITY);
        }
        if (layout.window > 0) {
            // The nearest pair of groups that are g apart is g * stride - (stride - 1) apart.
            int back = (layout.window + stride - 2) / stride;
            for (int key = 0; key < keys; key++) {
                int from = Math.clamp((long) key + back + 1 - position0, 0, LANES);
                Arrays.fill(
                        own.scores, key * LANES + from, (key + 1) * LANES, Float.NEGATIVE_INFINITY);
            }
        }
    }

    private void reserve(Scratch own, int depth, int keys) {
        if (own.packed.length < depth * LANES) {
            own.packed = new float[depth * LANES];
            own.padded = new float[depth];
        }
        if (own.scores.length < keys * LANES) {
            // Room for the longest row, so that later tiles need no more.
            int most = Math.ceilDiv(k.rows(), stride) * LANES;
            own.scores = new float[most];
            own.groups = new float[most];
        }
    }

    /**
     * Packs groups of queries, each in reverse. A few lanes at a time: rows a power of two apart
     * share a place in the cache.
     */
    private void pack(float[] packed, int head, int row0) {
        for (int t = 0; t < stride; t++) {
            int row = row0 + stride - 1 - t;
            for (int lane = 0; lane < LANES; lane += LANES_PACKED) {
                int last = row + (lane + LANES_PACKED - 1) * stride;
                int to = t * q.width() * LANES + lane;
                if (last < q.rows()) {
                    packFew(packed, to, q.at(head, row + lane * stride));
                } else {
                    packEdge(packed, to, head, row + lane * stride);
                }
            }
        }
    }

    private void packFew(float[] packed, int target, int source) {
        float[] values = q.values();
        int step = stride * q.rowStride();
        int to = target;
        for (int c = source; c < source + q.width(); c++) {
            for (int lane = 0; lane < LANES_PACKED; lane++) {
                packed[to + lane] = factor * values[c + lane * step];
            }
            to += LANES;
        }
    }

    private void packEdge(float[] packed, int target, int head, int first) {
        for (int lane = 0; lane < LANES_PACKED; lane++) {
            int row = first + lane * stride;
            for (int c = 0; c < q.width(); c++) {
                packed[target + c * LANES + lane] =
                        row < q.rows() ? factor * q.values()[q.at(head, row) + c] : 0;
            }
        }
    }

    private void soften(Scratch own, int keys, int lanes) {
        Arrays.fill(own.max, Float.NEGATIVE_INFINITY);
        Arrays.fill(own.sum, 0);
        Arrays.fill(own.weighted, 0);
        kernels.accumulate(own.scores, 0, keys, own.max, own.sum, own.weighted);
        for (int lane = 0; lane < LANES; lane++) {
            own.sum[lane] = lane < lanes ? 1 / own.sum[lane] : 0;
        }
        kernels.normalize(own.scores, 0, keys, own.max, own.sum, own.least);
    }

    private void add(Scratch own, int head, int row0, int keys, int lanes) {
        int perBlock = block / stride;
        kernels.groupSum(own.scores, 0, keys, 0, perBlock, own.groups);
        int columns = Math.ceilDiv(k.rows(), block);
        int blockRows = Math.ceilDiv(q.rows(), block);
        for (int column = 0; column < Math.ceilDiv(keys, perBlock); column++) {
            for (int lane = 0; lane < lanes; lane++) {
                int row = (row0 + lane * stride) / block;
                sums[(head * blockRows + row) * columns + column] +=
                        own.groups[column * LANES + lane];
            }
        }
    }
}
