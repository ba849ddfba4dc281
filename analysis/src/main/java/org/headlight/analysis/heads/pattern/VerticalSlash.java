package org.headlight.analysis.heads.pattern;

import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.kernel.AttentionKernels;
import org.headlight.engine.sweep.HeadReader;

import java.util.Comparator;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * MInference's estimate of a head's vertical and slash lines, from the attention of its last
 * queries: how much each key got, and each distance back. Sums, not means.
 */
public final class VerticalSlash {
    private final int keys;
    private final double[] vertical;
    private final double[] slash;

    private VerticalSlash(int keys, double[] vertical, double[] slash) {
        this.keys = keys;
        this.vertical = vertical;
        this.slash = slash;
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
        return top(vertical, count, forced);
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
        return top(slash, count, forced);
    }

    /** Ties go to the lower index. */
    private static float[] top(double[] strength, int count, int forced) {
        int n = strength.length;
        float[] chosen = new float[n];
        int sure = Math.min(n, forced);
        for (int i = 0; i < sure; i++) {
            chosen[i] = 1;
        }
        int wanted = Math.clamp(count, sure, n) - sure;
        IntStream.range(sure, n)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> -strength[i]))
                .limit(wanted)
                .forEach(i -> chosen[i] = 1);
        return chosen;
    }
}
