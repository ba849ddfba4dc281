package org.headlight.analysis.heads;

/**
 * One head in numbers, over one text. A[q, k] is the attention of the query at position q to key k;
 * "mean over rows" runs over every row that sees at least one key, with special tokens in. For
 * cross-attention, where positions of queries and keys are not comparable, meanDistance,
 * previousToken, duplicateToken, induction and locality are NaN.
 *
 * @param layer zero-based layer
 * @param head zero-based head
 * @param name such as L3H5
 * @param entropy mean over rows of -sum A ln A, in nats
 * @param meanDistance mean over rows of sum A[q, k] |q - k|, in tokens
 * @param received0 mean over rows of A[q, 0]: the mass that key 0 receives, alpha_0 of "When
 *     Attention Sink Emerges" (arXiv 2410.10781)
 * @param sinkRate 1 when received0 is above the threshold epsilon (0.3 unless told otherwise), else
 *     0: the sink rate of that paper at key 0, for one head and one text
 * @param previousToken share of all attention on the cells q, q - 1 (TransformerLens head detector,
 *     measure {@code mul}, nothing excluded)
 * @param duplicateToken share of all attention on earlier copies of the query's token (same
 *     measure)
 * @param induction share of all attention on tokens that follow an earlier copy of the query's
 *     token (same measure)
 * @param locality mean over rows of the mass within 4 tokens: sum of A[q, k] where |q - k| <= 4
 * @param confidence mean over rows of the largest A[q, k]
 */
public record HeadStatistics(
        int layer,
        int head,
        String name,
        double entropy,
        double meanDistance,
        double received0,
        double sinkRate,
        double previousToken,
        double duplicateToken,
        double induction,
        double locality,
        double confidence) {}
