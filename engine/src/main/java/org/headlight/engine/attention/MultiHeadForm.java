package org.headlight.engine.attention;

import org.headlight.engine.attention.AttentionSite.Context;
import org.headlight.engine.attention.AttentionSite.MaskTerm;
import org.headlight.engine.attention.AttentionSite.Scores;
import org.headlight.engine.attention.AttentionSite.Start;
import org.headlight.engine.attention.AttentionSite.VisibleRule;
import org.headlight.engine.onnx.proto.Onnx.NodeProto;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Reads MultiHeadAttention of com.microsoft: queries, keys and values are flat, [B, N, H * D], with
 * a bias of all three to be added; or keys and values come split from an encoder's cache.
 */
final class MultiHeadForm implements FusedForm {
    private static final Set<String> ATTRIBUTES =
            Set.of("num_heads", "mask_filter_value", "scale", "unidirectional");

    private static final int BIAS = 3;
    private static final int KEY_MASK = 4;
    private static final int SCORE_BIAS = 5;
    private static final int PAST_KEY = 6;
    private static final int PAST_VALUE = 7;
    private static final int PAST_LENGTH = 8;
    private static final int CACHE_ORDER = 9;
    private static final int FLAT = 3;
    private static final int SPLIT = 4;

    @Override
    public boolean reads(NodeProto node) {
        return node.getDomain().equals(FusedOperators.MICROSOFT)
                && node.getOpType().equals("MultiHeadAttention");
    }

    @Override
    public FusedSite read(FusedNode node, SideBranch branch) throws UnknownFormException {
        node.allowOnly(ATTRIBUTES);
        requireSeparate(node);
        long heads = node.count("num_heads");
        String q = node.needed(0);
        String k = node.needed(1);
        String v = node.needed(2);
        String bias = node.input(BIAS);
        String width = bias == null ? "" : branch.size(q, 2);
        String query =
                branch.split(
                        bias == null ? q : added(branch, q, bias, branch.integers(0), width),
                        heads);
        String key = node.output(1);
        String value = node.output(2);
        boolean cached = node.types().rank(k).orElse(FLAT) == SPLIT;
        if (cached) {
            key = k;
            value = v;
        } else if (key == null || value == null) {
            if (node.input(PAST_KEY) != null) {
                throw new UnknownFormException(
                        "It reads a past and gives no present, and the runtime then leaves the past"
                                + " out; outputs for present keys and values were expected.");
            }
            KeysAndValues own = own(node, branch, width);
            key = own.key();
            value = own.value();
        }
        Scores scores =
                new Scores(
                        node.scale(query, headWidth(node, cached ? k : null), branch),
                        0,
                        masks(node, branch),
                        visible(node, branch),
                        null);
        return new FusedSite(
                "MultiHeadAttention",
                node.kind(q, k),
                query,
                key,
                value,
                scores,
                new Context(node.result(), Context.Layout.FLAT),
                null);
    }

    @Override
    public Optional<KeysAndValues> beside(FusedNode node, SideBranch branch)
            throws UnknownFormException {
        boolean cached = node.types().rank(node.needed(1)).orElse(FLAT) == SPLIT;
        if (cached || node.output(1) == null || node.output(2) == null) {
            return Optional.empty();
        }
        String width = node.input(BIAS) == null ? "" : branch.size(node.needed(0), 2);
        KeysAndValues own = own(node, branch, width);
        return Optional.of(
                new KeysAndValues(
                        branch.appended(node.input(PAST_KEY), own.key()),
                        branch.appended(node.input(PAST_VALUE), own.value())));
    }

    /**
     * Keys and values of the tokens at hand, without those of the past.
     *
     * @param width the width of all heads together, [1]; not used without a bias
     */
    private static KeysAndValues own(FusedNode node, SideBranch branch, String width)
            throws UnknownFormException {
        long heads = node.count("num_heads");
        String k = node.needed(1);
        String v = node.needed(2);
        String bias = node.input(BIAS);
        if (bias == null) {
            return new KeysAndValues(branch.split(k, heads), branch.split(v, heads));
        }
        String twice = branch.node("Add", List.of(width, width));
        String end = branch.integers(Integer.MAX_VALUE);
        return new KeysAndValues(
                branch.split(added(branch, k, bias, width, twice), heads),
                branch.split(added(branch, v, bias, twice, end), heads));
    }

    private static void requireSeparate(FusedNode node) throws UnknownFormException {
        if (node.input(1) == null || node.input(2) == null) {
            throw new UnknownFormException(
                    "Its queries, keys and values are packed into fewer inputs, which the runtime"
                            + " has no kernel for on the processor.");
        }
        if (node.input(PAST_LENGTH) != null || node.input(CACHE_ORDER) != null) {
            throw new UnknownFormException(
                    "It reads a cache that several candidate texts share (past_sequence_length or"
                            + " cache_indirection), which no single map shows.");
        }
        if ((node.input(PAST_KEY) == null) != (node.input(PAST_VALUE) == null)) {
            throw new UnknownFormException(
                    "It reads past keys or past values without the others; both were expected.");
        }
    }

    /** A flat tensor plus its part of the bias of queries, keys and values. */
    private static String added(
            SideBranch branch, String flat, String bias, String from, String to) {
        return branch.node("Add", List.of(flat, branch.slice(bias, 0, from, to)));
    }

    private static OptionalLong headWidth(FusedNode node, @Nullable String split) {
        String known = split == null ? node.input(PAST_KEY) : split;
        return known == null ? OptionalLong.empty() : node.types().size(known, 3);
    }

    private static List<MaskTerm> masks(FusedNode node, SideBranch branch)
            throws UnknownFormException {
        List<MaskTerm> masks = new ArrayList<>();
        MaskTerm keys = KeyMask.term(node, KEY_MASK, branch);
        if (keys != null) {
            masks.add(keys);
        }
        String bias = node.input(SCORE_BIAS);
        if (bias != null) {
            masks.add(new MaskTerm(MaskTerm.Kind.ADD, bias, 0));
        }
        return masks;
    }

    private static VisibleRule visible(FusedNode node, SideBranch branch)
            throws UnknownFormException {
        String past = node.input(PAST_KEY);
        Start start = past == null ? Start.FIRST_AT_START : new Start(false, branch.size(past, 2));
        return new VisibleRule(
                node.flag("unidirectional"), 0, KeyMask.lengths(node, KEY_MASK), 0, start);
    }
}
