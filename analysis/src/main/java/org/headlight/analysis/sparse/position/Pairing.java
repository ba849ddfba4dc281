package org.headlight.analysis.sparse.position;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Which dimensions of a row could be turned together.
 *
 * @param dimensions first and second dimension of each pair, in turn, in the order of the angles
 */
record Pairing(List<Integer> dimensions) {

    Pairing {
        dimensions = List.copyOf(dimensions);
    }

    /** Pairs (i, i + turned / 2) from a dimension on. */
    static Pairing halves(int start, int turned) {
        List<Integer> pairs = new ArrayList<>();
        for (int i = 0; i < turned / 2; i++) {
            pairs.add(start + i);
            pairs.add(start + i + turned / 2);
        }
        return new Pairing(pairs);
    }

    /** Pairs (2i, 2i + 1) of the first dimensions. */
    static Pairing neighbours(int turned) {
        List<Integer> pairs = new ArrayList<>();
        for (int i = 0; i < turned / 2 * 2; i++) {
            pairs.add(i);
        }
        return new Pairing(pairs);
    }

    /**
     * Everything that is worth trying, the usual first: halves and neighbours of whole rows, then
     * halves of a part at either end.
     *
     * @param width of a row
     * @param from the first dimension that is seen to turn
     * @param to one after the last
     */
    static List<Pairing> candidates(int width, int from, int to) {
        List<Pairing> all = new ArrayList<>();
        if (width % 2 == 0) {
            all.add(halves(0, width));
        }
        all.add(neighbours(width));
        for (int turned = width - 1; turned >= Math.max(2, to - from); turned--) {
            if (turned % 2 == 0 && to <= turned) {
                all.add(halves(0, turned));
            }
            if (turned % 2 == 0 && from >= width - turned) {
                all.add(halves(width - turned, turned));
            }
        }
        return all;
    }

    int pairs() {
        return dimensions.size() / 2;
    }

    int first(int pair) {
        return dimensions.get(2 * pair);
    }

    int second(int pair) {
        return dimensions.get(2 * pair + 1);
    }

    int[] first() {
        int[] list = new int[pairs()];
        Arrays.setAll(list, this::first);
        return list;
    }

    int[] second() {
        int[] list = new int[pairs()];
        Arrays.setAll(list, this::second);
        return list;
    }
}
