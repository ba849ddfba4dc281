package org.headlight.analysis.heads;

/**
 * Scores of one head by TransformerLens's head detector, for every pattern, measure and exclusion,
 * from one sweep. Of dumped and generated maps the rows that exist are used.
 */
public final class DetectorScores {
    private final MapSums sums;
    private final Cells previous;
    private final Cells duplicate;
    private final Cells induction;

    /**
     * A pattern and what lies on it.
     *
     * @param cells cells of the pattern
     * @param first of these, at key 0
     * @param current of these, on the diagonal
     * @param mass attention on the pattern
     * @param massFirst of this, at key 0
     * @param massCurrent of this, on the diagonal
     */
    private record Cells(
            long cells,
            long first,
            long current,
            double mass,
            double massFirst,
            double massCurrent) {}

    DetectorScores(MapSums sums, TokenIndex tokens) {
        this.sums = sums;
        int from = sums.cols() - sums.rows();
        long copies = 0;
        long firsts = 0;
        long repeats = 0;
        for (int q = Math.max(0, from); q < sums.cols(); q++) {
            copies += tokens.copies(q);
            firsts += q > 0 && tokens.same(0, q) ? 1 : 0;
            repeats += q > 0 && tokens.same(q - 1, q) ? 1 : 0;
        }
        MapSums.RowTotals totals = sums.totals();
        int steps = sums.cols() - Math.max(1, from);
        this.previous =
                new Cells(
                        Math.max(0, steps),
                        from <= 1 && sums.cols() > 1 ? 1 : 0,
                        0,
                        sums.diagonal(1),
                        totals.second(),
                        0);
        this.duplicate = new Cells(copies, firsts, 0, totals.same(), totals.sameFirst(), 0);
        this.induction = new Cells(copies, 0, repeats, totals.after(), 0, totals.afterSelf());
    }

    /** The score of a pattern; NaN where nothing is left to compare. */
    public double score(Detector detector, Detector.Options options) {
        Cells p =
                switch (detector) {
                    case PREVIOUS -> previous;
                    case DUPLICATE -> duplicate;
                    case INDUCTION -> induction;
                };
        boolean first = options.excludeFirst();
        boolean current = options.excludeCurrent();
        MapSums.RowTotals totals = sums.totals();
        // The corner (0, 0) lies at key 0 and on the diagonal, and in no pattern.
        double all =
                totals.mass()
                        - (first ? sums.column(0) : 0)
                        - (current ? sums.diagonal(0) : 0)
                        + (first && current ? totals.corner() : 0);
        double on = p.mass - (first ? p.massFirst : 0) - (current ? p.massCurrent : 0);
        if (options.measure() == Detector.Measure.MUL) {
            return all > 0 ? on / all : Double.NaN;
        }
        long cells = p.cells - (first ? p.first : 0) - (current ? p.current : 0);
        double error = (all + cells - 2 * on) / sums.rows();
        return 1 - Math.round(error * 1000) / 1000.0;
    }
}
