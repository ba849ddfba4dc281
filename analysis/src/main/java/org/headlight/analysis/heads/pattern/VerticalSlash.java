package org.headlight.analysis.heads.pattern;

import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.kernel.AttentionKernels;
import org.headlight.engine.sweep.HeadReader;

import java.util.Arrays;
import java.util.Set;

/**
 * MInference's estimate of a head's vertical and slash lines, from the attention of its last
 * queries: how much each key got, and each distance back. Sums, not means.
 */
public final class VerticalSlash {
    private final int keys;
    private final double[] vertical;
    private final double[] slash;
    private final int[] verticalOrder;
    private final int[] slashOrder;

    private VerticalSlash(int keys, double[] vertical, double[] slash) {
        this.keys = keys;
        this.vertical = vertical;
        this.slash = slash;
        this.verticalOrder = order(vertical);
        this.slashOrder = order(slash);
    }

    /**
     * Estimates the lines of a head. Positions are compared as if the last query stood at the last
     * key.
     *
     * @param lastQueries how many queries count, MInference: 64; fewer where there are fewer
     */
    public static VerticalSlash of(HeadAttention head, int lastQueries, AttentionKernels kernels) {
        int rows = head.rows();
        int keys = head.cols();
        int first = Math.max(0, rows - lastQueries);
        float[] p = new float[Math.multiplyExact(rows - first, keys)];
        new HeadReader(head, Set.of(), kernels).probabilities(first, rows, 0, keys, p, 0, keys);
        double[] vertical = new double[keys];
        double[] slash = new double[keys];
        for (int row = first; row < rows; row++) {
            int q = row + keys - rows;
            for (int key = 0; key < keys; key++) {
                float value = p[(row - first) * keys + key];
                // Masked cells are NaN.
                if (value > 0) {
                    vertical[key] += value;
                    if (key <= q) {
                        slash[q - key] += value;
                    }
                }
            }
        }
        return new VerticalSlash(keys, vertical, slash);
    }

    /** Keys, and distances: both from 0 to this, the last one not included. */
    public int size() {
        return keys;
    }

    /** What a key got from the last queries. */
    public double vertical(int key) {
        return vertical[key];
    }

    /** What went so far back from the last queries. */
    public double slash(int distance) {
        return slash[distance];
    }

    /**
     * The strongest keys.
     *
     * @param count how many, at least {@code forced}
     * @param forced so many of the first keys are always among them; MInference: 30
     * @return 1 for each of them, 0 for the others
     */
    public float[] topKeys(int count, int forced) {
        return top(verticalOrder, count, forced);
    }

    /**
     * The strongest distances.
     *
     * @param count how many, at least {@code forced}
     * @param forced so many of the shortest distances are always among them; MInference: 100 when
     *     it runs, 30 when it searches
     * @return 1 for each of them, 0 for the others
     */
    public float[] topDistances(int count, int forced) {
        return top(slashOrder, count, forced);
    }

    /**
     * The indices by falling strength, ties by the lower index: strengths are not negative, so that
     * the bits of their floats are in their order.
     */
    private static int[] order(double[] strength) {
        long[] keys = new long[strength.length];
        for (int i = 0; i < keys.length; i++) {
            long weak = (long) Integer.MAX_VALUE - Float.floatToIntBits((float) strength[i]);
            keys[i] = weak << 32 | i;
        }
        Arrays.sort(keys);
        int[] order = new int[keys.length];
        for (int i = 0; i < order.length; i++) {
            order[i] = (int) keys[i];
        }
        return order;
    }

    private static float[] top(int[] order, int count, int forced) {
        int n = order.length;
        float[] chosen = new float[n];
        int sure = Math.min(n, forced);
        Arrays.fill(chosen, 0, sure, 1);
        int left = Math.clamp(count, sure, n) - sure;
        for (int i = 0; i < n && left > 0; i++) {
            if (order[i] >= sure) {
                chosen[order[i]] = 1;
                left--;
            }
        }
        return chosen;
    }
}
