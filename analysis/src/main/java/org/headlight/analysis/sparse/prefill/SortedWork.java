package org.headlight.analysis.sparse.prefill;

import org.headlight.analysis.sparse.Plan;
import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.attend.AttentionOutput;
import org.headlight.engine.attend.BlockCsr;
import org.headlight.engine.attend.HeadArray;
import org.headlight.engine.attend.Selection;
import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.cut.SiteAttend;
import org.headlight.engine.task.Progress;

import java.util.Arrays;
import java.util.List;

/**
 * Attends to blocks of sorted keys, head by head. The keys of a head are its sorted ones and, after
 * them, all as they were: earlier segments are read from the former without a mask, the own segment
 * from the latter under the text's own.
 */
final class SortedWork implements Plan.Work {
    private final List<SortedBlocks> heads;

    SortedWork(List<SortedBlocks> heads) {
        this.heads = List.copyOf(heads);
    }

    @Override
    public void attend(
            AttentionInput input, SiteAttend kernels, AttentionOutput output, Progress progress) {
        for (int head = 0; head < heads.size(); head++) {
            progress.check();
            SortedBlocks blocks = heads.get(head);
            AttentionInput alone = input.head(head);
            HeadArray k = blocks.keys().sortedThenAll(alone.k());
            HeadArray v = blocks.keys().sortedThenAll(alone.v());
            AttentionInput sorted =
                    alone.with(alone.q(), k, v).withMask(mask(blocks.keys(), alone.mask(0)));
            float[] lse = new float[output.out().rows()];
            AttentionOutput own = new AttentionOutput(output.out().head(head), lse);
            kernels.attend(sorted, selection(blocks), own);
            System.arraycopy(lse, 0, output.lse(), head * lse.length, lse.length);
        }
    }

    private static AttentionMask mask(SortedKeys keys, AttentionMask text) {
        int rows = keys.queries();
        boolean plain = text.unbiased() && (rows == 0 || text.firstKey(rows - 1) <= 0);
        int offset = keys.complete() + keys.keys() - rows;
        return plain ? AttentionMask.causal(offset) : new SortedMask(keys, text, offset);
    }

    /** The text's mask, with a bias or a window, at the sorted keys. */
    private record SortedMask(SortedKeys keys, AttentionMask text, int offset)
            implements AttentionMask {
        @Override
        public int firstKey(int row) {
            return 0;
        }

        @Override
        public int endKey(int row) {
            return row + offset + 1;
        }

        @Override
        public boolean unbiased() {
            return false;
        }

        @Override
        public float bias(int row, int col) {
            int complete = keys.complete();
            int key = col < complete ? keys.original(col) : col - complete;
            boolean seen = key >= text.firstKey(row) && key < text.endKey(row);
            return seen ? text.bias(row, key) : MASKED;
        }

        @Override
        public boolean causal() {
            return true;
        }
    }

    /** The kept blocks of sorted keys, and those of the own segment after them. */
    private static Selection selection(SortedBlocks blocks) {
        SortedKeys keys = blocks.keys();
        int block = keys.block();
        int after = keys.complete() / block;
        int[] starts = new int[blocks.rows() + 1];
        int[] columns = new int[64];
        int count = 0;
        for (int row = 0; row < blocks.rows(); row++) {
            int from = after + keys.ownFrom(row) / block;
            int to = after + Math.ceilDiv(keys.ownTo(row), block);
            int most = count + blocks.earlier(row) + to - from;
            if (most > columns.length) {
                columns = Arrays.copyOf(columns, 2 * most);
            }
            for (int b = 0; b < blocks.earlier(row); b++) {
                if (blocks.keeps(row, b)) {
                    columns[count++] = b;
                }
            }
            for (int b = from; b < to; b++) {
                columns[count++] = b;
            }
            starts[row + 1] = count;
        }
        return BlockCsr.of(block, List.of(starts), List.of(Arrays.copyOf(columns, count)));
    }
}
