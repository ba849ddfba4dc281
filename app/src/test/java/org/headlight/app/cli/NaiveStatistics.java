package org.headlight.app.cli;

import java.util.LinkedHashMap;
import java.util.Map;

/** Head statistics by their definitions, one cell at a time, in double. */
final class NaiveStatistics {
    private NaiveStatistics() {}

    /** One share of a cell's probability. */
    private interface Share {
        double of(double a, int q, int k);
    }

    static Map<String, Double> of(double[][] p, int[] ids) {
        Map<String, Share> shares = new LinkedHashMap<>();
        shares.put("entropy", (a, q, k) -> a > 0 ? -a * Math.log(a) : 0);
        shares.put("meanDistance", (a, q, k) -> a * (q - k));
        shares.put("received0", (a, q, k) -> k == 0 ? a : 0);
        shares.put("previousToken", (a, q, k) -> k == q - 1 ? a : 0);
        shares.put("duplicateToken", (a, q, k) -> k < q && ids[k] == ids[q] ? a : 0);
        shares.put("induction", (a, q, k) -> k > 0 && ids[k - 1] == ids[q] ? a : 0);
        shares.put("locality", (a, q, k) -> q - k <= 4 ? a : 0);
        Map<String, Double> means = new LinkedHashMap<>();
        shares.forEach((name, share) -> means.put(name, mean(p, share)));
        double confidence = 0;
        for (int q = 0; q < p.length; q++) {
            double largest = 0;
            for (int k = 0; k <= q; k++) {
                largest = Math.max(largest, p[q][k]);
            }
            confidence += largest / p.length;
        }
        means.put("confidence", confidence);
        return means;
    }

    private static double mean(double[][] p, Share share) {
        double sum = 0;
        for (int q = 0; q < p.length; q++) {
            for (int k = 0; k <= q; k++) {
                sum += share.of(p[q][k], q, k);
            }
        }
        return sum / p.length;
    }
}
