package org.headlight.analysis.sparse.select;

/**
 * Picks the largest of some numbers without sorting them; of equal ones the first, NaN last. Keeps
 * scratch memory from call to call: for one thread.
 */
public final class Picker {
    private int[] orders = new int[0];
    private int[] scratch = new int[0];

    /**
     * Picks.
     *
     * @param values compared as single precision in [0, count)
     * @param most how many at the most
     * @param target receives indices of the largest, rising
     * @return how many there are
     */
    public int pick(double[] values, int count, int most, int[] target) {
        reserve(count);
        for (int i = 0; i < count; i++) {
            orders[i] = order((float) values[i]);
        }
        return pick(count, most, target);
    }

    /**
     * Picks among numbers that do not follow each other.
     *
     * @param values number i is at {@code at + i * stride}
     */
    public int pick(float[] values, int at, int stride, int count, int most, int[] target) {
        reserve(count);
        for (int i = 0; i < count; i++) {
            orders[i] = order(values[at + i * stride]);
        }
        return pick(count, most, target);
    }

    private void reserve(int count) {
        if (orders.length < count) {
            orders = new int[count + count / 2];
            scratch = new int[count + count / 2];
        }
    }

    private int pick(int count, int most, int[] target) {
        int want = Math.clamp(most, 0, count);
        if (want == 0) {
            return 0;
        }
        if (want == count) {
            for (int i = 0; i < count; i++) {
                target[i] = i;
            }
            return count;
        }
        System.arraycopy(orders, 0, scratch, 0, count);
        int last = smallest(scratch, count, want - 1);
        int before = 0;
        for (int i = 0; i < count; i++) {
            before += orders[i] < last ? 1 : 0;
        }
        int equal = want - before;
        int picked = 0;
        for (int i = 0; picked < want; i++) {
            if (orders[i] < last || (orders[i] == last && equal-- > 0)) {
                target[picked++] = i;
            }
        }
        return picked;
    }

    /** The number that would be at an index if the first {@code count} were sorted. */
    private static int smallest(int[] a, int count, int index) {
        int low = 0;
        int high = count - 1;
        while (low < high) {
            int pivot = median(a[low], a[(low + high) >>> 1], a[high]);
            int i = low;
            int j = high;
            while (i <= j) {
                while (a[i] < pivot) {
                    i++;
                }
                while (a[j] > pivot) {
                    j--;
                }
                if (i <= j) {
                    int swap = a[i];
                    a[i++] = a[j];
                    a[j--] = swap;
                }
            }
            if (index <= j) {
                high = j;
            } else if (index >= i) {
                low = i;
            } else {
                return a[index];
            }
        }
        return a[low];
    }

    private static int median(int a, int b, int c) {
        return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
    }

    /** An integer that is smaller for a larger number. */
    static int order(float value) {
        if (Float.isNaN(value)) {
            return Integer.MAX_VALUE;
        }
        int bits = Float.floatToIntBits(value + 0f);
        int rising = bits ^ ((bits >> 31) & Integer.MAX_VALUE);
        return ~rising;
    }
}
