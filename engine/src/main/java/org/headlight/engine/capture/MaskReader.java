package org.headlight.engine.capture;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Puts together the mask of one site from what was read off its run, and recognises the rules: no
 * mask, causal, causal with a window. What is no rule stays what it is.
 */
public final class MaskReader {
    private final List<MaskTermReader> terms;
    private final int[] firstKey;
    private final int[] endKey;
    private final int keys;

    /**
     * @param terms the operations on the site's scores; each has taken every row
     * @param chunkEnd for each row, the keys that its chunk's product covered, [N]; all equal to
     *     {@code keys} when the run was in one piece
     * @param keys all keys, M
     */
    public MaskReader(List<MaskTermReader> terms, int[] chunkEnd, int keys) {
        this(terms, new int[chunkEnd.length], chunkEnd, keys);
    }

    /**
     * @param terms the operations on the site's scores; each has taken every row
     * @param firstKey for each row, the first key that a rule lets it see, [N]
     * @param endKey for each row, one after the last key that a rule lets it see, [N]
     * @param keys all keys, M
     */
    public MaskReader(List<MaskTermReader> terms, int[] firstKey, int[] endKey, int keys) {
        for (MaskTermReader term : terms) {
            if (term.rows() != endKey.length) {
                throw new IllegalArgumentException(
                        "a mask of " + term.rows() + " rows for " + endKey.length + " queries");
            }
        }
        this.terms = List.copyOf(terms);
        this.firstKey = firstKey.clone();
        this.endKey = endKey.clone();
        this.keys = keys;
    }

    /** The mask of each head, [heads]; one object for all of them where they share it. */
    public List<AttentionMask> read(int heads) {
        int rows = endKey.length;
        int[] first = firstKey.clone();
        int[] end = endKey.clone();
        for (MaskTermReader term : terms) {
            for (int r = 0; r < rows; r++) {
                first[r] = Math.max(first[r], term.firstKey(r));
                end[r] = Math.min(end[r], term.endKey(r));
            }
        }
        List<List<MaskTermReader.Block>> biases =
                terms.stream()
                        .map(MaskTermReader::blocks)
                        .filter(blocks -> !blocks.isEmpty())
                        .toList();
        List<AttentionMask> masks = new ArrayList<>(heads);
        for (int head = 0; head < heads; head++) {
            boolean same = head > 0 && !perHead(biases);
            masks.add(same ? masks.getFirst() : mask(first.clone(), end.clone(), biases, head));
        }
        return List.copyOf(masks);
    }

    private static boolean perHead(List<List<MaskTermReader.Block>> biases) {
        return biases.stream().flatMap(List::stream).anyMatch(b -> b.values().perHead());
    }

    private AttentionMask mask(
            int[] first, int[] end, List<List<MaskTermReader.Block>> biases, int head) {
        if (biases.isEmpty()) {
            return rule(first, end);
        }
        Optional<AttentionMask> relative = relative(first, end, biases, head);
        if (relative.isPresent()) {
            return relative.get();
        }
        BiasTable table = new BiasTable(biases, head, first.length);
        boolean unbiased = true;
        for (int r = 0; r < first.length; r++) {
            while (first[r] < end[r] && table.bias(r, first[r]) == AttentionMask.MASKED) {
                first[r]++;
            }
            while (first[r] < end[r] && table.bias(r, end[r] - 1) == AttentionMask.MASKED) {
                end[r]--;
            }
            for (int k = first[r]; k < end[r] && unbiased; k++) {
                unbiased = table.bias(r, k) == 0;
            }
        }
        return unbiased ? rule(first, end) : new BiasedMask(first, end, table);
    }

    /** The mask when all that is added is by distance, from one table, in every row. */
    private Optional<AttentionMask> relative(
            int[] first, int[] end, List<List<MaskTermReader.Block>> biases, int head) {
        if (biases.size() != 1) {
            return Optional.empty();
        }
        DistanceTable table = null;
        int rows = 0;
        for (MaskTermReader.Block block : biases.getFirst()) {
            if (!(block.values() instanceof MaskTermReader.ByDistance by)
                    || (table != null && !table.equals(by.table()))) {
                return Optional.empty();
            }
            table = by.table();
            rows += block.row1() - block.row0();
        }
        return table == null || rows != first.length
                ? Optional.empty()
                : Optional.of(new RelativeMask(first, end, table.of(head, rows, keys)));
    }

    private AttentionMask rule(int[] first, int[] end) {
        for (int r = 0; r < first.length; r++) {
            if (first[r] >= end[r]) {
                first[r] = 0;
                end[r] = 0;
            }
        }
        if (Arrays.stream(first).allMatch(f -> f == 0)
                && Arrays.stream(end).allMatch(e -> e == keys)) {
            return AttentionMask.full(keys);
        }
        if (!diagonal(end)) {
            return new RowsMask(first, end);
        }
        int offset = end[0] - 1;
        int width = 0;
        for (int r = 0; r < first.length && width == 0; r++) {
            width = first[r] > 0 ? end[r] - first[r] : 0;
        }
        if (width == 0) {
            return AttentionMask.causal(offset);
        }
        for (int r = 0; r < first.length; r++) {
            if (first[r] != Math.max(0, end[r] - width)) {
                return new RowsMask(first, end);
            }
        }
        return AttentionMask.window(offset, width);
    }

    /** Whether every row ends one key after the row before. */
    static boolean diagonal(int[] end) {
        for (int r = 0; r < end.length; r++) {
            if (end[r] != end[0] + r || end[r] == 0) {
                return false;
            }
        }
        return true;
    }
}
