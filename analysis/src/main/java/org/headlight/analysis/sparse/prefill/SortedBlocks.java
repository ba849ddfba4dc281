package org.headlight.analysis.sparse.prefill;

import org.headlight.analysis.sparse.select.Best;
import org.headlight.analysis.sparse.select.Rows;
import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.attend.Spans;

import java.util.BitSet;
import java.util.List;

/**
 * The blocks of sorted keys that each block row of a head keeps of the segments before its own; its
 * own segment it keeps whole.
 */
final class SortedBlocks {
    private final SortedKeys keys;
    private final int rows;
    private final boolean[][] taken;

    private SortedBlocks(SortedKeys keys) {
        this.keys = keys;
        this.rows = Math.ceilDiv(keys.queries(), keys.block());
        this.taken = new boolean[rows][];
    }

    /** Chooses by the softmax of mean queries against mean sorted keys of earlier segments. */
    static SortedBlocks byMeans(SortedKeys keys, double share, AttentionInput sorted) {
        SortedBlocks blocks = new SortedBlocks(keys);
        PooledScores scores = new PooledScores(sorted, keys.block(), keys.block());
        double[] row = new double[scores.cols()];
        for (int r = 0; r < blocks.rows; r++) {
            int count = keys.ownFrom(r) / keys.block();
            scores.row(0, r, 0, count, row);
            Rows.soften(row, count, Double.NEGATIVE_INFINITY);
            blocks.take(r, row, count, share);
        }
        return blocks;
    }

    /** Chooses by sums of antidiagonals, [block rows, ceil(M / block)]. */
    static SortedBlocks bySums(SortedKeys keys, double share, float[] sums) {
        SortedBlocks blocks = new SortedBlocks(keys);
        int cols = Math.ceilDiv(keys.keys(), keys.block());
        double[] row = new double[cols];
        for (int r = 0; r < blocks.rows; r++) {
            int count = keys.ownFrom(r) / keys.block();
            for (int col = 0; col < count; col++) {
                row[col] = sums[r * cols + col];
            }
            blocks.take(r, row, count, share);
        }
        return blocks;
    }

    private void take(int row, double[] scores, int count, double share) {
        boolean[] forced = new boolean[count];
        taken[row] = Best.cover(scores, count, share, forced);
        int first = keys.blockOfFirst();
        if (first < count) {
            taken[row][first] = true;
        }
    }

    SortedKeys keys() {
        return keys;
    }

    /** Block rows. */
    int rows() {
        return rows;
    }

    /** Whether a block row keeps a block of an earlier segment. */
    boolean keeps(int row, int block) {
        return taken[row][block];
    }

    /** Blocks of segments before a block row's own. */
    int earlier(int row) {
        return taken[row].length;
    }

    /** The keys that take part, by their places in the text. */
    static Spans kept(List<SortedBlocks> heads, int block) {
        SortedKeys any = heads.getFirst().keys;
        Spans.Builder spans = new Spans.Builder(heads.size(), any.queries(), block);
        for (SortedBlocks head : heads) {
            for (int row = 0; row < head.rows; row++) {
                head.addKept(row, spans);
                spans.next();
            }
        }
        return spans.build();
    }

    private void addKept(int row, Spans.Builder spans) {
        int block = keys.block();
        BitSet chosen = new BitSet(keys.keys());
        for (int b = 0; b < taken[row].length; b++) {
            for (int i = b * block; taken[row][b] && i < (b + 1) * block; i++) {
                chosen.set(keys.original(i));
            }
        }
        chosen.set(keys.ownFrom(row), keys.ownTo(row));
        for (int from = chosen.nextSetBit(0); from >= 0; ) {
            int to = chosen.nextClearBit(from);
            spans.add(from, to);
            from = chosen.nextSetBit(to);
        }
    }
}
