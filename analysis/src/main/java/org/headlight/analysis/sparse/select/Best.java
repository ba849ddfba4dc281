package org.headlight.analysis.sparse.select;

import java.util.Arrays;

/** The largest of some numbers; of equal ones the first. */
public final class Best {
    private Best() {}

    /**
     * Indices of the largest numbers, in rising order.
     *
     * @param values compared in [0, count); NaN counts as smallest
     * @param most how many at the most; infinite values come first
     */
    public static int[] of(double[] values, int count, int most) {
        int[] best = new int[Math.clamp(most, 0, count)];
        new Picker().pick(values, count, most, best);
        return best;
    }

    /** Indices [0, count) by falling value, equal ones by rising index. */
    public static int[] ranked(double[] values, int count) {
        // One long a value: the order of the number in the upper half, the index in the lower.
        long[] keys = new long[count];
        for (int i = 0; i < count; i++) {
            keys[i] = ((long) Picker.order((float) values[i]) << 32) | i;
        }
        Arrays.sort(keys);
        int[] ranked = new int[count];
        for (int i = 0; i < count; i++) {
            ranked[i] = (int) keys[i];
        }
        return ranked;
    }

    /**
     * The fewest of the largest numbers that reach a share of the sum of all, the forced ones
     * first: an item is taken as long as what was taken before it is less than the share.
     *
     * @param values not negative, in [0, count)
     * @param forced taken whatever they hold
     * @return which are taken, [count]
     */
    public static boolean[] cover(double[] values, int count, double share, boolean[] forced) {
        boolean[] taken = Arrays.copyOf(forced, count);
        double total = 0;
        double held = 0;
        for (int i = 0; i < count; i++) {
            total += values[i];
            held += taken[i] ? values[i] : 0;
        }
        for (int i : ranked(values, count)) {
            if (held >= share * total) {
                break;
            }
            if (!taken[i]) {
                taken[i] = true;
                held += values[i];
            }
        }
        return taken;
    }
}
