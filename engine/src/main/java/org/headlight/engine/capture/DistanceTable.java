package org.headlight.engine.capture;

import java.util.Arrays;

/**
 * Biases by distance, learned from chunks of rows and held against every later one, cell by cell.
 */
final class DistanceTable {
    private static final int FIRST_SIZE = 64;

    private final float[][] byDistance;
    private int low;

    /**
     * @param heads all, or 1 when they share the biases
     */
    DistanceTable(int heads) {
        byDistance = new float[heads][0];
    }

    int heads() {
        return byDistance.length;
    }

    /** What is added at a distance, key less row; 0 where nothing was seen. */
    float at(int head, int distance) {
        float[] known = byDistance[heads() == 1 ? 0 : head];
        int at = distance - low;
        boolean unknown = at < 0 || at >= known.length || Float.isNaN(known[at]);
        return unknown ? 0 : known[at];
    }

    /** The biases of a head for {@code rows} rows and {@code keys} keys, from 1 - rows on. */
    float[] of(int head, int rows, int keys) {
        float[] all = new float[rows + keys - 1];
        for (int i = 0; i < all.length; i++) {
            all[i] = at(head, i + 1 - rows);
        }
        return all;
    }

    /**
     * Takes a row, when it is one run of keys whose biases are those of their distances.
     *
     * @param values the row, [keys] from {@code offset}
     * @param run receives the first key that it sees, and one after the last
     */
    boolean take(int head, int row, float[] values, int offset, int keys, int[] run) {
        int from = 0;
        while (from < keys && values[offset + from] <= MaskTermReader.MASKED_FROM) {
            from++;
        }
        int to = keys;
        while (to > from && values[offset + to - 1] <= MaskTermReader.MASKED_FROM) {
            to--;
        }
        run[0] = from == to ? 0 : from;
        run[1] = from == to ? 0 : to;
        if (from == to) {
            return true;
        }
        reach(from - row, to - row);
        float[] known = byDistance[head];
        for (int key = from; key < to; key++) {
            float value = values[offset + key];
            int at = key - row - low;
            if (Float.isNaN(known[at])) {
                known[at] = value;
            }
            if (!(value > MaskTermReader.MASKED_FROM) || value != known[at]) {
                return false;
            }
        }
        return true;
    }

    /** Makes room for distances [from, to). */
    private void reach(int from, int to) {
        int size = byDistance[0].length;
        if (size > 0 && from >= low && to <= low + size) {
            return;
        }
        int newLow = size == 0 ? from : Math.min(low, from - (from < low ? size : 0));
        int high = size == 0 ? to : Math.max(low + size, to > low + size ? to + size : to);
        int room = Math.max(FIRST_SIZE, high - newLow);
        for (int head = 0; head < byDistance.length; head++) {
            float[] wider = new float[room];
            Arrays.fill(wider, Float.NaN);
            System.arraycopy(byDistance[head], 0, wider, size == 0 ? 0 : low - newLow, size);
            byDistance[head] = wider;
        }
        low = newLow;
    }
}
