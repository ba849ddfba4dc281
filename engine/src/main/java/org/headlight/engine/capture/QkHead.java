package org.headlight.engine.capture;

import org.headlight.engine.matrix.Matrix;
import org.jspecify.annotations.Nullable;

/**
 * Attention recomputed from its factors: softmax(q kT x scale + bias).
 *
 * @param q queries after rotary embedding, [N, D]
 * @param k keys after rotary embedding, [M, D]; shared by the query heads of one KV head
 * @param v values, [M, Dv]; null when the source has none
 * @param scale what the model multiplies the scores with (1 when it is already inside q and k)
 * @param mask the additive mask that the model uses
 */
public record QkHead(Matrix q, Matrix k, @Nullable Matrix v, float scale, AttentionMask mask)
        implements HeadAttention {
    @Override
    public int rows() {
        return q.rows();
    }

    @Override
    public int cols() {
        return k.rows();
    }
}
