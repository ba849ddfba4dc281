package org.headlight.engine.attention;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * One place in a graph where queries meet keys, described by the tensors that carry its parts. All
 * names are tensor names of the (possibly inlined) main graph; each can be requested as an output.
 *
 * @param layer zero-based layer: the order of attention of one kind along the graph, with what is
 *     not understood (taken for self-attention where nothing tells) counted too
 * @param kind self or cross
 * @param form how it is written: {@code eager} (scale on the scores), {@code sdpa} (scale inside
 *     queries and keys), or the operator that does all of it, such as {@code GroupQueryAttention}
 * @param node name of the softmax node, or of that operator
 * @param query the queries after rotary embedding, [B, H, N, D] or [B*H, N, D]: first input of the
 *     score product
 * @param key the keys after rotary embedding; before the GQA expansion where there is one
 * @param keyLayout whether {@code key} is [.., M, D] or transposed [.., D, M]
 * @param value the values, [B, KV, M, Dv]; before the GQA expansion where there is one
 * @param scores what happens between the product and the softmax
 * @param context what the site gives to the rest of the graph
 * @param probabilities the softmax output that meets the values, [B, H, N, M]; null where an
 *     operator keeps it inside
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
        Scores scores,
        Context context,
        @Nullable String probabilities) {

    /** The same over other tensors of keys and values, keys as rows. */
    AttentionSite withKeysAndValues(String keys, String values) {
        return new AttentionSite(
                layer,
                kind,
                form,
                node,
                query,
                keys,
                KeyLayout.ROWS,
                values,
                scores,
                context,
                probabilities);
    }

    /** Factors on the way from the product to the softmax. */
    public List<ScaleFactor> scale() {
        return scores.scale;
    }

    /** What is added or selected on that way, in order; empty when there is none. */
    public List<MaskTerm> mask() {
        return scores.mask;
    }

    /**
     * From the product of queries and keys to the softmax, in this order: scale, soft cap, mask.
     *
     * @param scale factors that the product is multiplied with
     * @param softcap scores become softcap x tanh(score / softcap); 0 when they do not
     * @param mask tensors that are added or that select
     * @param visible what an operator hides by its own rule, besides
     * @param sink a score without a key that takes part in the softmax; null when there is none
     */
    public record Scores(
            List<ScaleFactor> scale,
            float softcap,
            List<MaskTerm> mask,
            VisibleRule visible,
            @Nullable SinkTerm sink) {
        public Scores {
            scale = List.copyOf(scale);
            mask = List.copyOf(mask);
        }
    }

    /**
     * Which keys an operator lets a query see by its own rule.
     *
     * @param causal whether no query sees a key after its own position
     * @param window keys up to and including its own that a query sees; 0 when there is no limit
     * @param length tensor with the number of keys that exist; a second number in it is the first
     *     of them; null when all exist
     * @param lengthPlus what is added to that number (1 where the tensor holds the last position)
     * @param start where the queries sit
     * @param blocks the blocks of keys that are seen at all; null when all are
     */
    public record VisibleRule(
            boolean causal,
            int window,
            @Nullable String length,
            int lengthPlus,
            Start start,
            @Nullable Blocks blocks) {
        /** Nothing is hidden. */
        public static final VisibleRule ALL = new VisibleRule(false, 0, null, 0);

        /** The last query sits at the last key that exists. */
        public VisibleRule(boolean causal, int window, @Nullable String length, int lengthPlus) {
            this(causal, window, length, lengthPlus, Start.LAST_AT_END);
        }

        /** All blocks are seen. */
        public VisibleRule(
                boolean causal, int window, @Nullable String length, int lengthPlus, Start start) {
            this(causal, window, length, lengthPlus, start, null);
        }
    }

    /**
     * A layout of blocks: which blocks of keys each block of queries sees, as compressed rows.
     * Heads take the layouts in turn.
     *
     * @param rows tensor with where each row of blocks begins among the columns, [layouts, rows +
     *     1]
     * @param columns tensor with the blocks of keys, [layouts, entries]
     * @param size rows and columns of a block
     */
    public record Blocks(String rows, String columns, int size) {}

    /**
     * Where queries sit among the keys.
     *
     * @param atEnd whether the last query sits at the last key that exists
     * @param past otherwise, the tensor with the number of keys before the first query; null when
     *     there are none
     */
    public record Start(boolean atEnd, @Nullable String past) {
        /** The last query sits at the last key that exists. */
        public static final Start LAST_AT_END = new Start(true, null);

        /** The first query sits at the first key, however many keys there are. */
        public static final Start FIRST_AT_START = new Start(false, null);
    }

    /**
     * A score without a key, which takes probability away from the keys.
     *
     * @param constant the score of every head, when it is one number
     * @param tensor otherwise the tensor that holds one score a head, [H]
     */
    public record SinkTerm(@Nullable Float constant, @Nullable String tensor) {}

    /**
     * What a site gives: probabilities times values.
     *
     * @param tensor its name
     * @param layout how it is laid out
     */
    public record Context(String tensor, Layout layout) {
        /** How the result is laid out. */
        public enum Layout {
            /** [B, H, N, Dv] or [B*H, N, Dv]. */
            HEADS,
            /** [B, N, H, Dv]. */
            POSITIONS,
            /** [B, N, H*Dv]. */
            FLAT
        }
    }

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
