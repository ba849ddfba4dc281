package org.headlight.engine.attention;

import org.jspecify.annotations.Nullable;

/**
 * One place in a graph where queries meet keys, described by the tensors that carry its parts. All
 * names are tensor names of the (possibly inlined) main graph; each can be requested as an output.
 *
 * @param layer zero-based layer: the order of attention of one kind along the graph, with what is
 *     not understood (taken for self-attention where nothing tells) counted too
 * @param kind self or cross
 * @param form how it is written: {@code eager} (scale on the scores) or {@code sdpa} (scale inside
 *     queries and keys)
 * @param node name of the softmax node
 * @param query the queries after rotary embedding, [B, H, N, D] or [B*H, N, D]: first input of the
 *     score product
 * @param key the keys after rotary embedding; before the GQA expansion where there is one
 * @param keyLayout whether {@code key} is [.., M, D] or transposed [.., D, M]
 * @param value the values, [B, KV, M, Dv]; before the GQA expansion where there is one
 * @param scale factors on the way from the product to the softmax
 * @param mask what is added or selected on that way, in order; empty when there is none
 * @param probabilities the softmax output that meets the values, [B, H, N, M]
 */
public record AttentionSite(
        int layer,
        SiteKind kind,
        String form,
        String node,
        String query,
        String key,
        KeyLayout keyLayout,
        String value,
        java.util.List<ScaleFactor> scale,
        java.util.List<MaskTerm> mask,
        String probabilities) {

    /** How the captured key tensor is laid out. */
    public enum KeyLayout {
        ROWS,
        TRANSPOSED
    }

    /**
     * A scalar that the scores are multiplied with or divided by.
     *
     * @param constant its value when the graph knows it
     * @param tensor the tensor that holds it at run time, otherwise
     * @param divide whether the scores are divided by it
     */
    public record ScaleFactor(@Nullable Float constant, @Nullable String tensor, boolean divide) {}

    /**
     * One mask operation on the scores.
     *
     * @param kind {@code ADD}: tensor is added; {@code WHERE_KEEP}: scores stay where the boolean
     *     tensor is true; {@code WHERE_DROP}: scores stay where it is false
     * @param tensor the additive or boolean tensor, broadcastable to [B, H, N, M]
     * @param fill for the two WHERE kinds, what a dropped score becomes
     */
    public record MaskTerm(Kind kind, String tensor, float fill) {
        /** What is done with the tensor. */
        public enum Kind {
            ADD,
            WHERE_KEEP,
            WHERE_DROP
        }
    }
}
