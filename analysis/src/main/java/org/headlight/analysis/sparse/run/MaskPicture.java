package org.headlight.analysis.sparse.run;

import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.sweep.RowBlock;
import org.headlight.engine.sweep.Sweep;
import org.headlight.engine.sweep.SweepConsumer;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;
import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * What a head kept, as a picture of square cells: a cell is kept when any of its pairs is, and it
 * knows the share of its queries' dense probability that was left out in it. One sweep over the
 * dense map.
 */
public final class MaskPicture {
    private static final int LANES = RowBlock.LANES;

    /** A pair of the cell is left out. */
    private static final byte LEFT_OUT = 1;

    /** A pair of the cell is kept. */
    private static final byte TAKEN = 2;

    /** What a cell of the picture is. */
    public enum Cell {
        /** No query of it sees a key of it. */
        NONE,
        /** A pair of it is kept. */
        KEPT,
        /** Nothing is kept, and it holds next to nothing. */
        SKIPPED,
        /** Nothing is kept, though it holds a share that counts. */
        MISSED
    }

    private final int side;
    private final int rows;
    private final int cols;
    private final int queries;
    private final int keys;
    private final byte[] seen;
    private final float[] lost;
    private double lostAll;

    private MaskPicture(int queries, int keys, int side) {
        this.side = side;
        this.queries = queries;
        this.keys = keys;
        this.rows = Math.ceilDiv(queries, side);
        this.cols = Math.ceilDiv(keys, side);
        this.seen = new byte[Math.multiplyExact(rows, cols)];
        this.lost = new float[seen.length];
    }

    /** The side of a cell that gives at most so many cells a side: a power of two. */
    public static int sideFor(int tokens, int most) {
        int side = 1;
        while (Math.ceilDiv(tokens, side) > most) {
            side *= 2;
        }
        return side;
    }

    /**
     * Draws.
     *
     * @param head the dense head
     * @param kept what was kept of it
     * @param side queries and keys of a cell, at least 1
     * @throws org.headlight.engine.problem.CancelledException when the progress says so
     */
    public static MaskPicture of(
            HeadAttention head, KeptRows kept, int side, SweepOptions sweep, Progress progress) {
        MaskPicture picture = new MaskPicture(head.rows(), head.cols(), side);
        Sweep.run(head, List.of(picture.new Drawing(head, kept)), sweep, progress);
        return picture;
    }

    /**
     * The same in the largest cells, of at most so many queries, that say as much: none of them is
     * kept in part. Choices of whole blocks become these blocks.
     */
    public MaskPicture coarsest(int most) {
        MaskPicture now = this;
        while (now.side * 2 <= most && now.rows > 1) {
            MaskPicture next = now.doubled();
            if (next == null) {
                return now;
            }
            now = next;
        }
        return now;
    }

    /** With cells of twice the side; null when one of them would be kept in part. */
    private @Nullable MaskPicture doubled() {
        MaskPicture next = new MaskPicture(queries, keys, side * 2);
        for (int row = 0; row < rows; row++) {
            for (int col = 0; col < cols; col++) {
                int from = row * cols + col;
                int to = row / 2 * next.cols + col / 2;
                next.seen[to] |= seen[from];
                next.lost[to] += lost[from];
                if (next.seen[to] == (LEFT_OUT | TAKEN)) {
                    return null;
                }
            }
        }
        next.lostAll = lostAll;
        return next;
    }

    /** Queries and keys of a cell. */
    public int side() {
        return side;
    }

    /** Cells from top to bottom. */
    public int rows() {
        return rows;
    }

    /** Cells from left to right. */
    public int cols() {
        return cols;
    }

    /** Mean share over the cell's queries of the dense probability that is left out in it. */
    public double lost(int row, int col) {
        int count = Math.min(side, queries - row * side);
        return lost[row * cols + col] / count;
    }

    /** Mean share over all queries of the dense probability that is left out. */
    public double lost() {
        return lostAll / Math.max(1, queries);
    }

    /**
     * What a cell is.
     *
     * @param counts the least share left out that makes it missed
     */
    public Cell cell(int row, int col, double counts) {
        byte what = seen[row * cols + col];
        if (what == 0) {
            return Cell.NONE;
        }
        if (what >= TAKEN) {
            return Cell.KEPT;
        }
        return lost(row, col) >= counts ? Cell.MISSED : Cell.SKIPPED;
    }

    /** Sees the dense map. */
    private final class Drawing implements SweepConsumer {
        private final HeadAttention head;
        private final KeptRows kept;

        Drawing(HeadAttention head, KeptRows kept) {
            this.head = head;
            this.kept = kept;
        }

        @Override
        public Worker worker() {
            return this::accept;
        }

        @Override
        public void finish() {
            for (float share : lost) {
                lostAll += share;
            }
        }

        private void accept(RowBlock block) {
            KeptRows.Bits bits = kept.bits(block.row0, block.row0 + block.count);
            int rowFrom = block.row0 / side;
            int rowTo = (block.row0 + block.count - 1) / side + 1;
            float[] shares = new float[(rowTo - rowFrom) * cols];
            byte[] marks = new byte[shares.length];
            for (int lane = 0; lane < block.count; lane++) {
                int row = block.row0 + lane;
                int first = Math.max(block.key0, head.mask().firstKey(row));
                int end = Math.min(block.key1, head.mask().endKey(row));
                boolean holes = !head.mask().unbiased();
                int at = (row / side - rowFrom) * cols;
                for (int key = first; key < end; key++) {
                    if (holes && head.mask().masked(row, key)) {
                        continue;
                    }
                    int cell = at + key / side;
                    if (bits.kept(row, key)) {
                        marks[cell] |= TAKEN;
                    } else {
                        marks[cell] |= LEFT_OUT;
                        shares[cell] += block.p[(key - block.key0) * LANES + lane];
                    }
                }
            }
            synchronized (seen) {
                for (int i = 0; i < shares.length; i++) {
                    lost[rowFrom * cols + i] += shares[i];
                    seen[rowFrom * cols + i] |= marks[i];
                }
            }
        }
    }
}
