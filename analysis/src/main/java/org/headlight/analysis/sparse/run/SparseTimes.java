package org.headlight.analysis.sparse.run;

/**
 * Where the time went, in milliseconds of wall time.
 *
 * @param select choosing keys
 * @param attend attention over them
 * @param rest everything else of the run
 * @param denseAttend attention of the dense run
 * @param denseRest everything else of the dense run
 */
public record SparseTimes(
        double select, double attend, double rest, double denseAttend, double denseRest) {

    /** The whole sparse run. */
    public double total() {
        return select + attend + rest;
    }

    /** The whole dense run. */
    public double dense() {
        return denseAttend + denseRest;
    }

    /** How many times as fast the whole run is. */
    public double speedup() {
        return dense() / total();
    }

    /** How many times as fast attention is, the choosing counted. */
    public double attentionSpeedup() {
        return denseAttend / (select + attend);
    }
}
