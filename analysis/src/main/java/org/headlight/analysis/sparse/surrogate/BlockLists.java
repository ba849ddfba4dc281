package org.headlight.analysis.sparse.surrogate;

import org.headlight.analysis.sparse.PolicySite;
import org.headlight.analysis.sparse.select.CompressedKeys;
import org.headlight.analysis.sparse.select.EachItem;
import org.headlight.analysis.sparse.select.TilePacker;
import org.headlight.engine.attend.Spans;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;

import java.util.Arrays;
import java.util.function.Supplier;

/**
 * Blocks of keys and a window for each query, the same for all heads that share keys, by how much
 * these attend to the means of the blocks.
 */
final class BlockLists {
    private static final int LANES = TilePacker.LANES;

    private BlockLists() {}

    /** Chooses blocks for queries, one after the other, on one thread. */
    @FunctionalInterface
    interface Choice {

        /**
         * Blocks of a query.
         *
         * @param position of the query in the text
         * @param shares what the heads together give to block b at {@code at + b * 64}, for blocks
         *     whose last key is not after the query
         * @param target receives the blocks, rising; as many as there are blocks, at the most
         * @return how many
         */
        int blocks(int keyHead, int position, float[] shares, int at, int[] target);
    }

    /** Means of blocks of keys of a site, in place of learned ones. */
    static CompressedKeys means(PolicySite site, int block) {
        return new CompressedKeys(
                site.whole().part(site.from(), site.to(), site.to()), block, block);
    }

    /**
     * The keys of the blocks that are chosen and those of the window, up to each query's own.
     *
     * @param block keys of a block
     * @param window newest keys that are kept, the query's own counted
     * @param choice makes what chooses on one thread
     */
    static Spans of(
            PolicySite site,
            int block,
            int window,
            Supplier<Choice> choice,
            SweepOptions sweep,
            Progress progress) {
        CompressedKeys means = means(site, block);
        int[][][] chosen = new int[site.keyHeads()][site.queries()][];
        int tiles = Math.ceilDiv(site.queries(), LANES);
        EachItem.run(
                site.keyHeads() * tiles,
                sweep.threads(),
                progress,
                () -> {
                    CompressedKeys.Tile tile = means.tile(sweep.kernels());
                    Choice own = choice.get();
                    int[] blocks = new int[site.to() / block + 1];
                    return item -> {
                        int keyHead = item / tiles;
                        int row0 = item % tiles * LANES;
                        float[] shares = tile.attention(keyHead, row0);
                        int end = Math.min(site.queries(), row0 + LANES);
                        for (int row = row0; row < end; row++) {
                            int position = site.from() + row;
                            int count = own.blocks(keyHead, position, shares, row - row0, blocks);
                            chosen[keyHead][row] = Arrays.copyOf(blocks, count);
                        }
                    };
                });
        Spans.Builder spans = new Spans.Builder(site.heads(), site.queries(), 1);
        for (int head = 0; head < site.heads(); head++) {
            int[][] own = chosen[head / means.group()];
            for (int row = 0; row < own.length; row++) {
                add(spans, own[row], block, window, site.from() + row + 1);
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
