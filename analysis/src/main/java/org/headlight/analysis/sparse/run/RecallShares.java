package org.headlight.analysis.sparse.run;

import java.util.Arrays;
import java.util.List;

/**
 * How much of the dense probability kept keys hold, over rows.
 *
 * @param rows rows that count: those of which something was left out
 * @param mean mean share; NaN without rows
 * @param p5 the share that 5 % of the rows stay below; NaN without rows
 * @param least the smallest share; NaN without rows
 * @param withoutSink mean share with key 0 left out of both; NaN without rows
 * @param oracle mean share of the best possible choice of as many pairs; NaN where it was not asked
 *     for
 */
public record RecallShares(
        long rows, double mean, double p5, double least, double withoutSink, double oracle) {
    /** Nothing counts. */
    static final RecallShares NONE =
            new RecallShares(0, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN);

    /**
     * Of rows.
     *
     * @param shares share of each row; NaN for rows that do not count
     * @param rest the same without key 0
     */
    static RecallShares of(double[] shares, double[] rest, double oracle) {
        double[] counted = Arrays.stream(shares).filter(s -> !Double.isNaN(s)).sorted().toArray();
        if (counted.length == 0) {
            return NONE;
        }
        return new RecallShares(
                counted.length,
                Arrays.stream(counted).average().orElse(Double.NaN),
                counted[(int) (0.05 * (counted.length - 1))],
                counted[0],
                Arrays.stream(rest).filter(s -> !Double.isNaN(s)).average().orElse(Double.NaN),
                oracle);
    }

    /** Over several heads: means weighed by rows, the smallest, and the mean of the 5 % shares. */
    static RecallShares over(List<RecallShares> all) {
        long rows = 0;
        double[] sums = new double[4];
        double[] counts = new double[4];
        double least = Double.NaN;
        for (RecallShares one : all) {
            if (one.rows == 0) {
                continue;
            }
            rows += one.rows;
            least = Double.isNaN(least) ? one.least : Math.min(least, one.least);
            double[] values = {one.mean, one.p5, one.withoutSink, one.oracle};
            for (int i = 0; i < values.length; i++) {
                if (!Double.isNaN(values[i])) {
                    sums[i] += one.rows * values[i];
                    counts[i] += one.rows;
                }
            }
        }
        return rows == 0
                ? NONE
                : new RecallShares(
                        rows,
                        sums[0] / counts[0],
                        sums[1] / counts[1],
                        least,
                        sums[2] / counts[2],
                        sums[3] / counts[3]);
    }
}
