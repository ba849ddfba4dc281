package org.headlight.analysis.sparse.decode;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Which worker does which tiles of the keys in one step of decoding, and when. Time is in tiles: a
 * tile takes a worker one unit. Parts of a head that different workers did are merged by their
 * log-sum-exp.
 *
 * @param workers how many there are, g
 * @param tile keys of a tile; the last one of a head may be short
 * @param pieces by worker, and within a worker by time
 */
public record SplitK(int workers, int tile, List<Piece> pieces) {

    public SplitK {
        pieces = List.copyOf(pieces);
    }

    /**
     * Tiles of one head that a worker does one after the other.
     *
     * @param worker who, from 0 on
     * @param head whose keys, as the heads were given
     * @param fromTile the first tile of the head
     * @param toTile one after the last
     * @param start when it begins, in tiles
     * @param end when it ends
     */
    public record Piece(int worker, int head, int fromTile, int toTile, int start, int end) {}

    /**
     * LeanAttention: all tiles of all heads in one row, of which each worker gets an equal run;
     * runs differ by one tile at the most.
     *
     * @param keys keys of each head
     */
    public static SplitK lean(List<Integer> keys, int tile, int workers) {
        long[] bounds = new long[keys.size() + 1];
        for (int head = 0; head < keys.size(); head++) {
            bounds[head + 1] = bounds[head] + Math.ceilDiv(keys.get(head), tile);
        }
        long total = bounds[keys.size()];
        List<Piece> pieces = new ArrayList<>();
        int head = 0;
        for (int worker = 0; worker < workers; worker++) {
            long from = total * worker / workers;
            long to = total * (worker + 1) / workers;
            for (long at = from; at < to; ) {
                while (bounds[head + 1] <= at) {
                    head++;
                }
                long end = Math.min(to, bounds[head + 1]);
                pieces.add(
                        new Piece(
                                worker,
                                head,
                                (int) (at - bounds[head]),
                                (int) (end - bounds[head]),
                                (int) (at - from),
                                (int) (end - from)));
                at = end;
            }
        }
        return new SplitK(workers, tile, pieces);
    }

    /**
     * For comparison, FlashDecoding: every head is cut into the same number of parts, and each part
     * goes to the worker that is free first.
     *
     * @param keys keys of each head
     * @param parts of a head, at least 1
     */
    public static SplitK fixed(List<Integer> keys, int tile, int workers, int parts) {
        int[] free = new int[workers];
        List<Piece> pieces = new ArrayList<>();
        for (int head = 0; head < keys.size(); head++) {
            int tiles = Math.ceilDiv(keys.get(head), tile);
            int length = Math.max(1, Math.ceilDiv(tiles, parts));
            for (int from = 0; from < tiles; from += length) {
                int worker = 0;
                for (int other = 1; other < workers; other++) {
                    worker = free[other] < free[worker] ? other : worker;
                }
                int to = Math.min(tiles, from + length);
                int start = free[worker];
                free[worker] = start + to - from;
                pieces.add(new Piece(worker, head, from, to, start, free[worker]));
            }
        }
        pieces.sort(Comparator.comparingInt(Piece::worker).thenComparingInt(Piece::start));
        return new SplitK(workers, tile, pieces);
    }

    /** When the last worker ends. */
    public int length() {
        return pieces.stream().mapToInt(Piece::end).max().orElse(0);
    }

    /** Tiles of all heads. */
    public int tiles() {
        return pieces.stream().mapToInt(piece -> piece.toTile() - piece.fromTile()).sum();
    }

    /** The share of the workers' time until the last one ends in which they work. */
    public double occupancy() {
        return length() == 0 ? 1 : (double) tiles() / ((double) workers * length());
    }
}
