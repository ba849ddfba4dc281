package org.headlight.analysis.heads;

/**
 * Where the rows of a head look, each as a mean over the rows that can look there.
 *
 * @param previous mean of A[q, q - 1], q from 1 on
 * @param current mean of A[q, q], q from 1 on
 * @param first mean of A[q, 0], q from 1 on
 * @param duplicate mean over rows with an earlier copy of their token of the mass on such copies;
 *     NaN where there is no such row
 * @param induction mean over the same rows of the mass on what followed such copies; NaN likewise
 * @param near mean over rows of the mass at most 4 tokens away
 * @param evenness mean over rows that see two keys or more of entropy / ln(visible keys); NaN where
 *     there is no such row
 */
public record RowShares(
        double previous,
        double current,
        double first,
        double duplicate,
        double induction,
        double near,
        double evenness) {
    static final double STRONG = 0.4;
    static final double NEAR = 0.6;
    static final double EVEN = 0.9;
    private static final int DISTANCE = 4;

    static RowShares of(MapSums sums, TokenIndex tokens) {
        MapSums.RowTotals totals = sums.totals();
        int from = sums.cols() - sums.rows();
        long repeated = 0;
        for (int q = Math.max(0, from); q < sums.cols(); q++) {
            repeated += tokens.copies(q) > 0 ? 1 : 0;
        }
        double later = Math.max(1, totals.seen() - (from <= 0 ? 1 : 0));
        double none = Double.NaN;
        return new RowShares(
                sums.diagonal(1) / later,
                (sums.diagonal(0) - totals.corner()) / later,
                (sums.column(0) - totals.corner()) / later,
                repeated > 0 ? totals.same() / repeated : none,
                repeated > 0 ? totals.after() / repeated : none,
                sums.near(DISTANCE),
                totals.spread() > 0 ? totals.evenness() / totals.spread() : none);
    }
}
