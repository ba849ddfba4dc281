package org.headlight.analysis.sparse.surrogate;

import org.headlight.analysis.sparse.PolicySite;
import org.headlight.engine.attend.Spans;
import org.headlight.engine.task.Progress;

/** Blocks of keys and a window for each query, the same for all heads that share keys. */
final class BlockLists {
    private BlockLists() {}

    /** Chooses blocks for a query. */
    @FunctionalInterface
    interface Choice {

        /**
         * Blocks, rising.
         *
         * @param position of the query in the text
         */
        int[] blocks(int keyHead, int position);
    }

    /**
     * The keys of the blocks that are chosen and those of the window, up to each query's own.
     *
     * @param block keys of a block
     * @param window newest keys that are kept, the query's own counted
     */
    static Spans of(PolicySite site, int block, int window, Choice choice, Progress progress) {
        Spans.Builder spans = new Spans.Builder(site.heads(), site.queries(), 1);
        int group = site.heads() / site.keyHeads();
        int[][] chosen = new int[site.queries()][];
        for (int keyHead = 0; keyHead < site.keyHeads(); keyHead++) {
            progress.check();
            for (int row = 0; row < chosen.length; row++) {
                chosen[row] = choice.blocks(keyHead, site.from() + row);
            }
            for (int head = 0; head < group; head++) {
                for (int row = 0; row < chosen.length; row++) {
                    add(spans, chosen[row], block, window, site.from() + row + 1);
                }
            }
        }
        return spans.build();
    }

    private static void add(Spans.Builder spans, int[] blocks, int block, int window, int end) {
        int near = Math.max(0, end - window);
        boolean open = true;
        for (int b : blocks) {
            if (open && b * block > near) {
                spans.add(near, end);
                open = false;
            }
            spans.add(b * block, Math.min(end, (b + 1) * block));
        }
        if (open) {
            spans.add(near, end);
        }
        spans.next();
    }
}
