package org.headlight.engine.capture;

import org.headlight.engine.matrix.Matrix;

/**
 * Attention that was dumped as probabilities.
 *
 * @param p probabilities, [N, M]
 * @param mask which cells exist (causal when the dump has nothing above the diagonal)
 */
public record ProbabilityHead(Matrix p, AttentionMask mask) implements HeadAttention {
    @Override
    public int rows() {
        return p.rows();
    }

    @Override
    public int cols() {
        return p.cols();
    }
}
