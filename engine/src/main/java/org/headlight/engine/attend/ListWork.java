package org.headlight.engine.attend;

import org.headlight.engine.kernel.FlashTile;

import java.util.Arrays;

/**
 * One thread's work on up to 64 neighbouring queries of one head that have lists of their own.
 * Where the lists have much in common, the keys of any of them are worked on for all, and each
 * query hides those that it has not; otherwise the queries are worked on one by one. Holds scratch
 * memory; used again for every such group.
 */
final class ListWork {
    /** Queries that are looked at together. */
    static final int ROWS = FlashTile.LANES;

    /**
     * How much longer a pair takes alone than in a tile, about: so many more pairs may be computed
     * together.
     */
    private static final double ALONE = 5;

    private static final int KEYS = FlashTile.KEYS;

    private final Call call;
    private final HalfTile tile;
    private final RowWork single;
    private final int[] columns = new int[KEYS];
    private final long[] columnsSeen = new long[KEYS];

    /** The first key of any list, and one after the last. */
    private final int[] bound = new int[2];

    private long[] seen = new long[0];
    private float[] gatheredKeys = new float[0];
    private float[] gatheredValues = new float[0];
    private int gathered;

    /**
     * @param single works on queries one by one
     */
    ListWork(Call call, RowWork single) {
        this.call = call;
        this.tile = new HalfTile(call);
        this.single = single;
    }

    /** Gets ready for the groups of a call. */
    void start() {
        AttentionInput input = call.input();
        tile.start();
        if (seen.length <= input.k().rows()) {
            seen = new long[input.k().rows() + 1];
        }
        if (gatheredKeys.length < KEYS * input.k().width()) {
            gatheredKeys = new float[KEYS * input.k().width()];
        }
        if (gatheredValues.length < KEYS * input.v().width()) {
            gatheredValues = new float[KEYS * input.v().width()];
        }
    }

    long pairs() {
        return tile.pairs();
    }

    long weighed() {
        return tile.weighed();
    }

    long bytes() {
        return tile.bytes();
    }

    /** Computes up to 64 queries of one head. */
    void run(Spans lists, int head, int row0) {
        AttentionInput input = call.input();
        int rows = Math.min(ROWS, input.q().rows() - row0);
        long own = lists.flip(input, head, row0, rows, seen, bound);
        int union = 0;
        long now = 0;
        for (int key = bound[0]; key < bound[1]; key++) {
            now ^= seen[key];
            seen[key] = now;
            union += now == 0 ? 0 : 1;
        }
        if ((double) union * rows <= ALONE * own) {
            together(head, row0);
        } else {
            for (int row = row0; row < row0 + rows; row++) {
                single.run(head * input.q().rows() + row);
            }
        }
        if (own > 0) {
            Arrays.fill(seen, bound[0], bound[1] + 1, 0);
        }
    }

    private void together(int head, int row0) {
        int keyHead = call.input().keyHead(head);
        tile.begin(head, row0);
        tile.limitToMask();
        gathered = 0;
        for (int key = bound[0]; key < bound[1]; ) {
            if (seen[key] == 0) {
                key++;
                continue;
            }
            int end = key + 1;
            while (end < bound[1] && seen[end] != 0) {
                end++;
            }
            if (end - key < Spans.SHORT) {
                gather(keyHead, key, end);
            } else {
                for (int from = key; from < end; from += KEYS) {
                    tile.take(keyHead, from, Math.min(KEYS, end - from), seen);
                }
            }
            key = end;
        }
        takeGathered();
        tile.finish(call.output(), head);
    }

    /** Puts the keys of a short run beside those of others. */
    private void gather(int keyHead, int from, int end) {
        HeadArray k = call.input().k();
        HeadArray v = call.input().v();
        int depth = k.width();
        int width = v.width();
        for (int key = from; key < end; key++) {
            System.arraycopy(k.values(), k.at(keyHead, key), gatheredKeys, gathered * depth, depth);
            System.arraycopy(
                    v.values(), v.at(keyHead, key), gatheredValues, gathered * width, width);
            columns[gathered] = key;
            columnsSeen[gathered] = seen[key];
            gathered++;
            if (gathered == KEYS) {
                takeGathered();
            }
        }
    }

    private void takeGathered() {
        if (gathered > 0) {
            tile.take(gatheredKeys, gatheredValues, columns, gathered, columnsSeen);
            gathered = 0;
        }
    }
}
