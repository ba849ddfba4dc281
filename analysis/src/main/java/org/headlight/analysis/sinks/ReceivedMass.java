package org.headlight.analysis.sinks;

/**
 * What each key of one head receives: the mean, over the queries that may look at it, of their
 * attention to it. alpha_k of "When Attention Sink Emerges" (arXiv 2410.10781), and step 1 of the
 * attention calibration of "Unveiling and Harnessing Hidden Attention Sinks" (arXiv 2406.15765).
 * Immutable.
 */
public final class ReceivedMass {
    private final float[] mean;
    private final QueryCounts queries;

    ReceivedMass(float[] mean, QueryCounts queries) {
        this.mean = mean;
        this.queries = queries;
    }

    /** Number of keys, N. */
    public int keys() {
        return mean.length;
    }

    /** The mean attention that a key receives, 0 to 1; 0 for a key that no query may look at. */
    public double of(int key) {
        return mean[key];
    }

    /** How many queries the mean of a key is over: N - k for key k of a causal map. */
    public int queries(int key) {
        return queries.at(key);
    }

    /** All means, [N]; a copy. */
    public float[] toArray() {
        return mean.clone();
    }
}
