package org.headlight.analysis.influence;

/**
 * What a document loses without the important heads.
 *
 * @param id of the document
 * @param domain of the document
 * @param preview how its text begins, on one line
 * @param tokens how many were read
 * @param truncated whether it has more, which were left out
 * @param lossBase mean cross-entropy of its tokens, in nats; NaN where it has less than two
 * @param lossMasked the same with the important heads masked
 */
public record DocumentScore(
        String id,
        String domain,
        String preview,
        int tokens,
        boolean truncated,
        double lossBase,
        double lossMasked) {

    /**
     * AttentionInfluence (equation 5): (lossMasked - lossBase) / lossBase; NaN where the base loss
     * is 0 or there is none.
     */
    public double score() {
        return lossBase > 0 ? (lossMasked - lossBase) / lossBase : Double.NaN;
    }
}
