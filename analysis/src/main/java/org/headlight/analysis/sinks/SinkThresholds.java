package org.headlight.analysis.sinks;

import org.headlight.engine.problem.BadInputException;

/**
 * When a token is a sink.
 *
 * @param epsilon received mass above which a key counts for the sink rate; 0.3 in "When Attention
 *     Sink Emerges" (arXiv 2410.10781)
 * @param threshold received mass above which a token of a head is listed; 0.1 in the code of
 *     "Unveiling and Harnessing Hidden Attention Sinks" (arXiv 2406.15765)
 * @param minQueries least queries that a mean is over for its token to be listed; 1 lists the last
 *     tokens too, whose own attention to themselves is often above any threshold
 */
public record SinkThresholds(double epsilon, double threshold, int minQueries) {
    /** The papers' values. */
    public static final SinkThresholds STANDARD = new SinkThresholds(0.3, 0.1, 1);

    /**
     * Checks the values.
     *
     * @throws BadInputException when one is outside its range
     */
    public SinkThresholds {
        check("The epsilon of the sink rate", epsilon);
        check("The threshold of sinks", threshold);
        if (minQueries < 1) {
            throw new BadInputException(
                    "The least number of queries is " + minQueries + "; expected at least 1.");
        }
    }

    private static void check(String what, double value) {
        if (!(value >= 0 && value < 1)) {
            throw new BadInputException(
                    what + " is " + value + "; expected a share from 0 to below 1, such as 0.3.");
        }
    }
}
