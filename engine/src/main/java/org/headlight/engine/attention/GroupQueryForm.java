package org.headlight.engine.attention;

import org.headlight.engine.attention.AttentionSite.Context;
import org.headlight.engine.attention.AttentionSite.MaskTerm;
import org.headlight.engine.attention.AttentionSite.Scores;
import org.headlight.engine.attention.AttentionSite.SinkTerm;
import org.headlight.engine.attention.AttentionSite.VisibleRule;
import org.headlight.engine.onnx.proto.Onnx.NodeProto;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Reads GroupQueryAttention of com.microsoft: its keys and values are its present outputs, after
 * rotary embedding; its queries are split off and rotated beside it.
 */
final class GroupQueryForm implements FusedForm {
    private static final Set<String> ATTRIBUTES =
            Set.of(
                    "do_rotary",
                    "kv_num_heads",
                    "local_window_size",
                    "num_heads",
                    "qk_output",
                    "rotary_interleaved",
                    "scale",
                    "smooth_softmax",
                    "softcap",
                    "kv_cache_bit_width",
                    "k_quant_type",
                    "v_quant_type");

    private static final int PAST_KEY = 3;
    private static final int PAST_VALUE = 4;
    private static final int LENGTHS = 5;
    private static final int COS = 7;
    private static final int POSITIONS = 9;
    private static final int BIAS = 10;
    private static final int SINKS = 11;
    private static final int LAST_INPUT = 11;
    private static final long EXPOSES_PROBABILITIES = 2;

    @Override
    public boolean reads(NodeProto node) {
        return node.getDomain().equals(FusedOperators.MICROSOFT)
                && node.getOpType().equals("GroupQueryAttention");
    }

    @Override
    public FusedSite read(FusedNode node, SideBranch branch) throws UnknownFormException {
        node.allowOnly(ATTRIBUTES);
        requirePlainCache(node);
        long heads = node.count("num_heads");
        String lengths = node.needed(LENGTHS);
        String q = node.needed(0);
        String all = all(node, branch);
        String query = node.input(1) == null ? branch.slice(all, 1, 0, heads) : all;
        query = rotated(node, branch, query, heads);

        String key = node.output(1);
        String value = node.output(2);
        if (key == null || value == null) {
            if (node.input(PAST_KEY) != null) {
                throw new UnknownFormException(
                        "It reads a past and gives no present, and the runtime then leaves the past"
                                + " out; outputs for present keys and values were expected.");
            }
            KeysAndValues own = own(node, branch, all);
            key = own.key();
            value = own.value();
        }
        Scores scores =
                new Scores(
                        node.scale(query, width(node), branch),
                        node.attributes().number("softcap", 0),
                        bias(node),
                        new VisibleRule(
                                true,
                                (int)
                                        Math.max(
                                                0,
                                                node.attributes().integer("local_window_size", -1)),
                                lengths,
                                1),
                        sink(node));
        boolean exposed = node.attributes().integer("qk_output", 0) == EXPOSES_PROBABILITIES;
        String keys = node.input(1);
        return new FusedSite(
                "GroupQueryAttention",
                keys == null ? SiteKind.SELF : node.kind(q, keys),
                query,
                key,
                value,
                scores,
                new Context(node.result(), Context.Layout.FLAT),
                exposed ? node.output(3) : null);
    }

    @Override
    public Optional<KeysAndValues> beside(FusedNode node, SideBranch branch)
            throws UnknownFormException {
        if (node.output(1) == null || node.output(2) == null) {
            return Optional.empty();
        }
        KeysAndValues own = own(node, branch, all(node, branch));
        return Optional.of(
                new KeysAndValues(
                        branch.appended(node.input(PAST_KEY), own.key()),
                        branch.appended(node.input(PAST_VALUE), own.value())));
    }

    /** Queries, with keys and values after them where they are packed, [B, heads, N, D]. */
    private static String all(FusedNode node, SideBranch branch) throws UnknownFormException {
        long heads = node.count("num_heads");
        return node.input(1) == null
                ? branch.transposed(
                        branch.reshape(
                                node.needed(0), 0, 0, heads + 2 * node.count("kv_num_heads"), -1))
                : branch.split(node.needed(0), heads);
    }

    /** Keys and values of the tokens at hand, without those of the past. */
    private static KeysAndValues own(FusedNode node, SideBranch branch, String all)
            throws UnknownFormException {
        long heads = node.count("num_heads");
        long kvHeads = node.count("kv_num_heads");
        boolean packed = node.input(1) == null;
        String key =
                packed
                        ? branch.slice(all, 1, heads, heads + kvHeads)
                        : branch.split(node.needed(1), kvHeads);
        String value =
                packed
                        ? branch.slice(all, 1, heads + kvHeads, heads + 2 * kvHeads)
                        : branch.split(node.needed(2), kvHeads);
        return new KeysAndValues(rotated(node, branch, key, kvHeads), value);
    }

    private static void requirePlainCache(FusedNode node) throws UnknownFormException {
        for (String name : List.of("k_quant_type", "v_quant_type")) {
            String type = node.attributes().text(name);
            if (!type.isEmpty() && !type.equals("NONE")) {
                throw new UnknownFormException(
                        "Its cache is kept in fewer bits (" + name + " " + type + ").");
            }
        }
        for (int i = LAST_INPUT + 1; node.input(i) != null || i < LAST_INPUT + 5; i++) {
            if (node.input(i) != null) {
                throw new UnknownFormException(
                        "It reads its input "
                                + i
                                + " (scales of a cache in fewer bits, or weights that normalise"
                                + " queries and keys), which no kernel for the processor does.");
            }
        }
    }

    private static OptionalLong width(FusedNode node) {
        String past = node.input(PAST_KEY);
        return past == null ? OptionalLong.empty() : node.types().size(past, 3);
    }

    private static List<MaskTerm> bias(FusedNode node) {
        String bias = node.input(BIAS);
        return bias == null ? List.of() : List.of(new MaskTerm(MaskTerm.Kind.ADD, bias, 0));
    }

    private static @Nullable SinkTerm sink(FusedNode node) {
        String sinks = node.input(SINKS);
        if (sinks != null) {
            return new SinkTerm(null, sinks);
        }
        return node.flag("smooth_softmax") ? new SinkTerm(0f, null) : null;
    }

    /** Queries or keys after rotary embedding, where the operator does it. */
    private static String rotated(FusedNode node, SideBranch branch, String heads, long count)
            throws UnknownFormException {
        return node.flag("do_rotary")
                ? branch.rotated(node, heads, count, positions(node, branch, heads), COS)
                : heads;
    }

    /**
     * Where the first of the queries sits, [1]: they end at the last key. Given positions, [B, N],
     * are the runtime's after a past; without one it counts on from the first of them.
     */
    private static String positions(FusedNode node, SideBranch branch, String heads)
            throws UnknownFormException {
        String last = branch.toIntegers(branch.reshape(node.needed(LENGTHS), -1));
        String length =
                branch.node("Add", List.of(branch.slice(last, 0, 0, 1), branch.integers(1)));
        String rows = branch.size(heads, 2);
        String past = branch.node("Sub", List.of(length, rows));
        String given = node.input(POSITIONS);
        if (given == null) {
            return past;
        }
        String from = branch.scalar(branch.slice(branch.reshape(given, -1), 0, 0, 1));
        String to = branch.node("Add", List.of(from, branch.scalar(rows)));
        String counted = branch.node("Range", List.of(from, to, branch.scalar(branch.integers(1))));
        String later = branch.node("Greater", List.of(past, branch.integers(0)));
        return branch.node("Where", List.of(later, given, counted));
    }
}
