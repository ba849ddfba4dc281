package org.headlight.analysis.rhythm;

/**
 * A mean over peaks, held against peaks laid at random.
 *
 * @param peaks how many peaks the mean runs over
 * @param observed the mean; NaN without peaks
 * @param random what is expected by chance
 * @param low 5th percentile of the shuffles
 * @param high 95th percentile of the shuffles
 * @param p share of the shuffles that are at least as large, the observation counted in
 */
public record CouplingStatistic(
        int peaks, double observed, double random, double low, double high, double p) {
    /** Nothing to say. */
    static final CouplingStatistic NONE =
            new CouplingStatistic(0, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN);

    /** (observed - random) / random. */
    public double lift() {
        return (observed - random) / random;
    }
}
