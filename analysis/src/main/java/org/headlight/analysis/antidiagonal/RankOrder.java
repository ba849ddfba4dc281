package org.headlight.analysis.antidiagonal;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/** Sorts indices by a number without boxing. */
final class RankOrder {
    private RankOrder() {}

    /** The indices in [0, count) with the largest number first, the lower index first in a tie. */
    static int[] descending(int count, IntToDoubleFunction number) {
        return ascending(count, i -> -number.applyAsDouble(i));
    }

    /** The indices in [0, count) with the smallest number first, the lower index first in a tie. */
    static int[] ascending(int count, IntToDoubleFunction number) {
        double[] keys = new double[count];
        for (int i = 0; i < count; i++) {
            keys[i] = number.applyAsDouble(i) + 0.0;
        }
        int[] from = new int[count];
        Arrays.setAll(from, i -> i);
        int[] to = new int[count];
        for (int width = 1; width < count; width *= 2) {
            for (int low = 0; low < count; low += 2 * width) {
                int middle = Math.min(count, low + width);
                merge(keys, from, to, low, middle, Math.min(count, low + 2 * width));
            }
            int[] swap = from;
            from = to;
            to = swap;
        }
        return from;
    }

    private static void merge(double[] keys, int[] from, int[] to, int low, int middle, int high) {
        int left = low;
        int right = middle;
        for (int i = low; i < high; i++) {
            boolean takeLeft =
                    left < middle && (right >= high || keys[from[left]] <= keys[from[right]]);
            to[i] = takeLeft ? from[left++] : from[right++];
        }
    }
}
