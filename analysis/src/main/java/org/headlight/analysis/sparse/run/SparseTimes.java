package org.headlight.analysis.sparse.run;

import java.util.Optional;

/**
 * Where the time went, in milliseconds of wall time.
 *
 * @param select choosing keys
 * @param attend attention over them
 * @param rest everything else of the run
 * @param decode choosing and attention of the continuation's queries, part of the above
 * @param denseAttend attention of the dense run
 * @param denseRest everything else of the dense run
 * @param steps dense attention with the continuation query by query; empty where no policy acts on
 *     it
 */
public record SparseTimes(
        double select,
        double attend,
        double rest,
        double decode,
        double denseAttend,
        double denseRest,
        Optional<DenseSteps> steps) {

    /** The whole sparse run. */
    public double total() {
        return select + attend + rest;
    }

    /** The whole dense run. */
    public double dense() {
        return denseAttend + denseRest;
    }

    /**
     * The dense attention that the sparse one is held against: query by query in the continuation
     * where a policy acts on it, since then the sparse run computes it so too.
     */
    public double denseLike() {
        return steps.map(DenseSteps::attend).orElse(denseAttend);
    }

    /** How many times as fast the whole run is. */
    public double speedup() {
        return (denseLike() + denseRest) / total();
    }

    /** How many times as fast attention is, the choosing counted. */
    public double attentionSpeedup() {
        return denseLike() / (select + attend);
    }

    /** The same in the continuation alone; NaN where no policy acts on it. */
    public double decodeSpeedup() {
        return steps.map(s -> s.decode() / decode).orElse(Double.NaN);
    }

    /** The same run with the times of another dense one. */
    public SparseTimes against(double otherAttend, double otherRest) {
        return new SparseTimes(select, attend, rest, decode, otherAttend, otherRest, steps);
    }
}
