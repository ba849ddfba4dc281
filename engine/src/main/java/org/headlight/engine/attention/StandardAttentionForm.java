package org.headlight.engine.attention;

import org.headlight.engine.attention.AttentionSite.Context;
import org.headlight.engine.attention.AttentionSite.MaskTerm;
import org.headlight.engine.attention.AttentionSite.Scores;
import org.headlight.engine.attention.AttentionSite.Start;
import org.headlight.engine.attention.AttentionSite.VisibleRule;
import org.headlight.engine.onnx.proto.Onnx.NodeProto;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Reads the operator Attention of ONNX itself, versions 23 and 24. */
final class StandardAttentionForm implements FusedForm {
    private static final Set<String> ATTRIBUTES =
            Set.of(
                    "is_causal",
                    "kv_num_heads",
                    "q_num_heads",
                    "qk_matmul_output_mode",
                    "scale",
                    "softcap",
                    "softmax_precision");

    /** The mode in which the fourth output holds the probabilities. */
    private static final long PROBABILITIES = 3;

    private static final int HEADS_RANK = 4;
    private static final int PAST_KEY = 4;
    private static final int PAST_VALUE = 5;

    @Override
    public boolean reads(NodeProto node) {
        return Ops.standard(node) && node.getOpType().equals("Attention");
    }

    @Override
    public FusedSite read(FusedNode node, SideBranch branch) throws UnknownFormException {
        node.allowOnly(ATTRIBUTES);
        String presentKey = node.output(1);
        String presentValue = node.output(2);
        String past = node.input(PAST_KEY);
        if (past != null && (presentKey == null || presentValue == null)) {
            throw new UnknownFormException(
                    "It reads a past and gives no present; outputs for present keys and values were"
                            + " expected.");
        }
        String q = node.needed(0);
        String k = node.needed(1);
        String v = node.needed(2);
        boolean flat = flat(node);
        String query = flat ? branch.split(q, node.count("q_num_heads")) : q;
        String key = presentKey == null ? own(node, branch, flat, k) : presentKey;
        String value = presentValue == null ? own(node, branch, flat, v) : presentValue;
        OptionalLong width =
                flat || node.types().rank(q).orElse(0) != HEADS_RANK
                        ? OptionalLong.empty()
                        : node.types().size(q, HEADS_RANK - 1);
        Scores scores =
                new Scores(
                        node.scale(query, width, branch),
                        node.attributes().number("softcap", 0),
                        mask(node),
                        visible(node, branch),
                        null);
        boolean exposed = node.attributes().integer("qk_matmul_output_mode", 0) == PROBABILITIES;
        return new FusedSite(
                "Attention",
                node.kind(q, k),
                query,
                key,
                value,
                scores,
                new Context(node.result(), flat ? Context.Layout.FLAT : Context.Layout.HEADS),
                exposed ? node.output(3) : null);
    }

    @Override
    public Optional<KeysAndValues> beside(FusedNode node, SideBranch branch)
            throws UnknownFormException {
        if (node.output(1) == null || node.output(2) == null) {
            return Optional.empty();
        }
        boolean flat = flat(node);
        return Optional.of(
                new KeysAndValues(
                        branch.appended(
                                node.input(PAST_KEY), own(node, branch, flat, node.needed(1))),
                        branch.appended(
                                node.input(PAST_VALUE), own(node, branch, flat, node.needed(2)))));
    }

    /** Whether heads lie side by side, [B, N, H * D]. */
    private static boolean flat(FusedNode node) throws UnknownFormException {
        return node.attributes().integer("q_num_heads", 0) > 0
                && node.types().rank(node.needed(0)).orElse(HEADS_RANK - 1) != HEADS_RANK;
    }

    /** Keys or values of the tokens at hand, [B, KV, N, D]. */
    private static String own(FusedNode node, SideBranch branch, boolean flat, String tensor)
            throws UnknownFormException {
        return flat ? branch.split(tensor, node.count("kv_num_heads")) : tensor;
    }

    private static List<MaskTerm> mask(FusedNode node) {
        String mask = node.input(3);
        if (mask == null) {
            return List.of();
        }
        return List.of(
                node.types().isTruth(mask)
                        ? new MaskTerm(MaskTerm.Kind.WHERE_KEEP, mask, Float.NEGATIVE_INFINITY)
                        : new MaskTerm(MaskTerm.Kind.ADD, mask, 0));
    }

    /** Causal masks begin at the first key; after a past; at the end of what padding leaves. */
    private static VisibleRule visible(FusedNode node, SideBranch branch) {
        String past = node.input(PAST_KEY);
        String length = node.input(6);
        Start start = Start.FIRST_AT_START;
        if (past != null) {
            start = new Start(false, branch.size(past, 2));
        } else if (length != null) {
            start = Start.LAST_AT_END;
        }
        return new VisibleRule(node.flag("is_causal"), 0, length, 0, start);
    }
}
