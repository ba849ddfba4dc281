package org.headlight.engine.capture;

/**
 * The attention of one query head: a map of {@link #rows()} queries by {@link #cols()} keys whose
 * rows sum to 1, or to less where a sink logit takes a share. It is never stored when it can be
 * computed: {@link QkHead} recomputes it from queries and keys, {@link ProbabilityHead} reads a
 * dump made elsewhere.
 */
public sealed interface HeadAttention permits QkHead, ProbabilityHead {

    /** Number of queries, N. */
    int rows();

    /** Number of keys, M. */
    int cols();

    /** Which cells exist. */
    AttentionMask mask();
}
