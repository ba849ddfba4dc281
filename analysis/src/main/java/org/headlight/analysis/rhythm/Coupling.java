package org.headlight.analysis.rhythm;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * How the peaks hang together (the paper's table 2). Peaks are laid at random as often as {@link
 * ShuffleRule} says: so many positions as there are peaks, drawn without replacement from the
 * response tokens that have a value.
 *
 * @param entropyAtWaadPeaks mean entropy of the tokens where WAAD peaks, in nats, against the mean
 *     over all response tokens
 * @param receiverPeaksGlobal share of the FAI peaks of the receiver heads that are FAI peaks of the
 *     global heads, against the share of tokens that are such peaks
 * @param faiPeaksAfterWaadPeaks share of the FAI peaks that lie on a WAAD peak or right after one,
 *     against the mean of the shuffles
 */
public record Coupling(
        CouplingStatistic entropyAtWaadPeaks,
        CouplingStatistic receiverPeaksGlobal,
        CouplingStatistic faiPeaksAfterWaadPeaks) {

    /**
     * Computes.
     *
     * @param fai [R], NaN where missing
     * @param entropy [R], NaN where missing
     */
    static Coupling of(
            double[] fai,
            double[] entropy,
            List<Integer> waadPeaks,
            List<Integer> faiPeaks,
            List<Integer> receiverPeaks,
            ShuffleRule rule) {
        int n = fai.length;
        double[] global = new double[n];
        faiPeaks.forEach(t -> global[t] = 1);
        double[] near = new double[n];
        for (int peak : waadPeaks) {
            near[peak] = 1;
            if (peak + 1 < n) {
                near[peak + 1] = 1;
            }
        }
        int[] known = known(fai);
        return new Coupling(
                new Shuffles(entropy, known(entropy), rule, 0).against(waadPeaks, true),
                new Shuffles(global, known, rule, 1).against(receiverPeaks, true),
                new Shuffles(near, known, rule, 2).against(faiPeaks, false));
    }

    private static int[] known(double[] values) {
        return IntStream.range(0, values.length).filter(i -> !Double.isNaN(values[i])).toArray();
    }

    /** Means of values over positions, real and random. */
    private static final class Shuffles {
        private final double[] values;
        private final int[] domain;
        private final ShuffleRule rule;
        private final Random random;

        Shuffles(double[] values, int[] domain, ShuffleRule rule, int statistic) {
            this.values = values;
            this.domain = domain.clone();
            this.rule = rule;
            this.random = new Random(rule.seed() * 3 + statistic);
        }

        CouplingStatistic against(List<Integer> peaks, boolean plainMean) {
            int[] chosen =
                    peaks.stream()
                            .mapToInt(Integer::intValue)
                            .filter(peak -> Arrays.binarySearch(domain, peak) >= 0)
                            .toArray();
            if (chosen.length == 0) {
                return CouplingStatistic.NONE;
            }
            double observed = mean(chosen, chosen.length);
            double[] means = new double[rule.count()];
            for (int i = 0; i < means.length; i++) {
                means[i] = mean(drawn(chosen.length), chosen.length);
            }
            Arrays.sort(means);
            int least = 0;
            while (least < means.length && means[least] < observed) {
                least++;
            }
            return new CouplingStatistic(
                    chosen.length,
                    observed,
                    plainMean
                            ? mean(domain, domain.length)
                            : Arrays.stream(means).average().orElse(Double.NaN),
                    Quantile.of(means, 0.05),
                    Quantile.of(means, 0.95),
                    (means.length - least + 1.0) / (means.length + 1.0));
        }

        /** The domain, its first {@code count} places drawn anew. */
        private int[] drawn(int count) {
            for (int i = 0; i < count; i++) {
                int j = i + random.nextInt(domain.length - i);
                int kept = domain[i];
                domain[i] = domain[j];
                domain[j] = kept;
            }
            return domain;
        }

        private double mean(int[] positions, int count) {
            double sum = 0;
            for (int i = 0; i < count; i++) {
                sum += values[positions[i]];
            }
            return sum / count;
        }
    }
}
