package org.headlight.engine.capture;

import org.headlight.engine.matrix.Matrix;
import org.jspecify.annotations.Nullable;

/**
 * Attention recomputed from its factors: softmax(cap(q kT x scale) + bias), with a sink logit in
 * the denominator where the model has one; its rows then sum to less than 1.
 *
 * @param q queries after rotary embedding, [N, D]
 * @param k keys after rotary embedding, [M, D]; shared by the query heads of one KV head
 * @param v values, [M, Dv]; null when the source has none
 * @param scale what the model multiplies the scores with (1 when it is already inside q and k)
 * @param mask the additive mask that the model uses
 * @param softcap scaled scores become softcap x tanh(score / softcap); 0 when they do not
 * @param sink a score without a key; negative infinity when there is none
 * @param lse natural-log sum-exp of each row's scores, sink included, [1, N], where the run left
 *     it; null when it has to be computed
 */
public record QkHead(
        Matrix q,
        Matrix k,
        @Nullable Matrix v,
        float scale,
        AttentionMask mask,
        float softcap,
        float sink,
        @Nullable Matrix lse)
        implements HeadAttention {
    /** {@link #sink} of attention without one. */
    public static final float NO_SINK = Float.NEGATIVE_INFINITY;

    /** Attention without a soft cap and without a sink logit. */
    public QkHead(Matrix q, Matrix k, @Nullable Matrix v, float scale, AttentionMask mask) {
        this(q, k, v, scale, mask, 0, NO_SINK);
    }

    /** Attention whose log-sum-exp is not known yet. */
    public QkHead(
            Matrix q,
            Matrix k,
            @Nullable Matrix v,
            float scale,
            AttentionMask mask,
            float softcap,
            float sink) {
        this(q, k, v, scale, mask, softcap, sink, null);
    }

    /** The same with its log-sum-exp, [1, N]. */
    public QkHead withLse(Matrix known) {
        return new QkHead(q, k, v, scale, mask, softcap, sink, known);
    }

    /** The same under another mask that hides the same keys, so that what is known stays true. */
    public QkHead withMask(AttentionMask other) {
        return new QkHead(q, k, v, scale, other, softcap, sink, lse);
    }

    @Override
    public int rows() {
        return q.rows();
    }

    @Override
    public int cols() {
        return k.rows();
    }
}
