package org.headlight.engine.attention;

import org.headlight.engine.attention.AttentionSite.Context;
import org.headlight.engine.attention.AttentionSite.MaskTerm;
import org.headlight.engine.attention.AttentionSite.Scores;
import org.headlight.engine.attention.AttentionSite.VisibleRule;
import org.headlight.engine.onnx.proto.Onnx.NodeProto;

import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Reads DecoderMaskedMultiHeadAttention of com.microsoft where it attends to an encoder: one query
 * a run, [B, 1, H * D], over keys and values [B, H, M, D]. Over a cache it is not run at all, see
 * {@link FatalNodes}.
 */
final class DecoderMaskedForm implements FusedForm {
    private static final Set<String> ATTRIBUTES =
            Set.of(
                    "num_heads",
                    "mask_filter_value",
                    "scale",
                    "past_present_share_buffer",
                    "output_qk");

    private static final int KEY_MASK = 3;
    private static final int PAST_KEY = 5;
    private static final int BIAS = 10;
    private static final int MASK_AXES = 2;
    private static final int SPLIT = 4;

    @Override
    public boolean reads(NodeProto node) {
        return node.getDomain().equals(FusedOperators.MICROSOFT)
                && node.getOpType().equals("DecoderMaskedMultiHeadAttention");
    }

    @Override
    public FusedSite read(FusedNode node, SideBranch branch) throws UnknownFormException {
        node.allowOnly(ATTRIBUTES);
        String key = node.needed(1);
        String value = node.needed(2);
        requireReadable(node, key);
        String query = node.needed(0);
        String bias = node.input(BIAS);
        if (bias != null) {
            String own = branch.slice(bias, 0, branch.integers(0), branch.size(query, 2));
            query = branch.node("Add", List.of(query, own));
        }
        query = branch.split(query, node.count("num_heads"));
        OptionalLong width = node.types().size(key, SPLIT - 1);
        MaskTerm mask = KeyMask.term(node, KEY_MASK, branch);
        return new FusedSite(
                "DecoderMaskedMultiHeadAttention",
                SiteKind.CROSS,
                query,
                key,
                value,
                new Scores(
                        node.scale(query, width, branch),
                        0,
                        mask == null ? List.of() : List.of(mask),
                        VisibleRule.ALL,
                        null),
                new Context(node.result(), Context.Layout.FLAT),
                null);
    }

    private static void requireReadable(FusedNode node, String key) throws UnknownFormException {
        if (node.input(PAST_KEY) != null || node.types().rank(key).orElse(SPLIT) != SPLIT) {
            throw new UnknownFormException(
                    "It attends to a cache, one query a run; keys of an encoder, [1, heads, keys,"
                            + " width], were expected.");
        }
        String mask = node.input(KEY_MASK);
        if (mask != null && node.types().rank(mask).orElse(MASK_AXES) != MASK_AXES) {
            throw new UnknownFormException(
                    "Its mask "
                            + mask
                            + " is not one number a key, the only one that the runtime has a kernel"
                            + " for.");
        }
    }
}
