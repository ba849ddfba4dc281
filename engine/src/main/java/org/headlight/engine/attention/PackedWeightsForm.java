package org.headlight.engine.attention;

import org.headlight.engine.attention.AttentionSite.Context;
import org.headlight.engine.attention.AttentionSite.MaskTerm;
import org.headlight.engine.attention.AttentionSite.Scores;
import org.headlight.engine.attention.AttentionSite.Start;
import org.headlight.engine.attention.AttentionSite.VisibleRule;
import org.headlight.engine.onnx.proto.Onnx.NodeProto;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Reads Attention and QAttention of com.microsoft, which project hidden states with the weights of
 * queries, keys and values side by side: the projection is made once more beside the operator.
 */
final class PackedWeightsForm implements FusedForm {
    private static final Set<String> ATTRIBUTES =
            Set.of(
                    "num_heads",
                    "mask_filter_value",
                    "scale",
                    "unidirectional",
                    "qkv_hidden_sizes",
                    "do_rotary",
                    "rotary_embedding_dim",
                    "past_present_share_buffer");

    /** Where the two operators have their inputs. */
    private record Inputs(int mask, int past, int scoreBias, int pastLength) {}

    private static final Inputs FLOATS = new Inputs(3, 4, 5, 6);
    private static final Inputs QUANTIZED = new Inputs(5, 8, -1, -1);

    @Override
    public boolean reads(NodeProto node) {
        return node.getDomain().equals(FusedOperators.MICROSOFT)
                && (node.getOpType().equals("Attention") || node.getOpType().equals("QAttention"));
    }

    @Override
    public FusedSite read(FusedNode node, SideBranch branch) throws UnknownFormException {
        boolean quantized = quantized(node);
        Inputs inputs = quantized ? QUANTIZED : FLOATS;
        requireReadable(node, inputs);
        String past = node.input(inputs.past);
        String present = node.output(1);
        long heads = node.count("num_heads");
        Projected made = made(node, branch);
        String key = present == null ? made.key : branch.pick(present, 0, 0);
        String value = present == null ? made.value : branch.pick(present, 0, 1);
        if (past != null && present == null) {
            throw new UnknownFormException(
                    "It reads a past and gives no present; an output for present keys and values"
                            + " was expected.");
        }
        Start start = past == null ? Start.FIRST_AT_START : new Start(false, branch.size(past, 3));
        Scores scores =
                new Scores(
                        node.scale(made.query, width(node, heads), branch),
                        0,
                        masks(node, inputs, branch),
                        new VisibleRule(
                                node.flag("unidirectional"),
                                0,
                                KeyMask.lengths(node, inputs.mask),
                                0,
                                start),
                        null);
        return new FusedSite(
                quantized ? "QAttention" : "com.microsoft.Attention",
                SiteKind.SELF,
                made.query,
                key,
                value,
                scores,
                new Context(node.result(), Context.Layout.FLAT),
                null);
    }

    @Override
    public Optional<KeysAndValues> beside(FusedNode node, SideBranch branch)
            throws UnknownFormException {
        if (node.output(1) == null) {
            return Optional.empty();
        }
        String past = node.input((quantized(node) ? QUANTIZED : FLOATS).past);
        Projected made = made(node, branch);
        return Optional.of(
                new KeysAndValues(
                        branch.appended(past == null ? null : branch.pick(past, 0, 0), made.key),
                        branch.appended(
                                past == null ? null : branch.pick(past, 0, 1), made.value)));
    }

    private static boolean quantized(FusedNode node) {
        return node.operator().equals("QAttention");
    }

    private static Projected made(FusedNode node, SideBranch branch) throws UnknownFormException {
        return split(
                quantized(node) ? wholeNumbers(node, branch) : projected(node, branch),
                node,
                branch);
    }

    private static void requireReadable(FusedNode node, Inputs inputs) throws UnknownFormException {
        node.allowOnly(ATTRIBUTES);
        if (node.input(2) == null) {
            throw new UnknownFormException(
                    "It has no bias, and the runtime's kernel for the processor breaks off without"
                            + " one.");
        }
        if (node.flag("do_rotary")) {
            throw new UnknownFormException(
                    "It rotates queries and keys inside (do_rotary), which the runtime has no"
                            + " kernel for on the processor.");
        }
        if (node.flag("past_present_share_buffer") || node.input(inputs.pastLength) != null) {
            throw new UnknownFormException(
                    "Its past and present share one buffer, which the runtime has no kernel for on"
                            + " the processor.");
        }
    }

    private static List<MaskTerm> masks(FusedNode node, Inputs inputs, SideBranch branch)
            throws UnknownFormException {
        List<MaskTerm> masks = new ArrayList<>();
        MaskTerm keys = KeyMask.term(node, inputs.mask, branch);
        if (keys != null) {
            masks.add(keys);
        }
        String bias = node.input(inputs.scoreBias);
        if (bias != null) {
            masks.add(new MaskTerm(MaskTerm.Kind.ADD, bias, 0));
        }
        return masks;
    }

    /** Queries, keys and values side by side, [B, N, 3 * H * D]. */
    private static String projected(FusedNode node, SideBranch branch) throws UnknownFormException {
        String product = branch.node("MatMul", List.of(node.needed(0), node.needed(1)));
        return branch.node("Add", List.of(product, node.needed(2)));
    }

    /** The same from whole numbers, with the arithmetic of the operator. */
    private static String wholeNumbers(FusedNode node, SideBranch branch)
            throws UnknownFormException {
        List<String> factors = new ArrayList<>(List.of(node.needed(0), node.needed(1)));
        String zero = node.input(6);
        String weightZero = node.input(7);
        if (zero != null || weightZero != null) {
            factors.add(zero == null ? "" : zero);
        }
        if (weightZero != null) {
            factors.add(weightZero);
        }
        String sums = branch.toFloats(branch.node("MatMulInteger", factors));
        String scale = branch.node("Mul", List.of(node.needed(3), node.needed(4)));
        return branch.node(
                "Add", List.of(branch.node("Mul", List.of(sums, scale)), node.needed(2)));
    }

    private record Projected(String query, String key, String value) {}

    private static Projected split(String all, FusedNode node, SideBranch branch)
            throws UnknownFormException {
        long heads = node.count("num_heads");
        List<Long> sizes = node.attributes().integers("qkv_hidden_sizes");
        if (sizes.isEmpty()) {
            String five = branch.reshape(all, 0, 0, 3, heads, -1);
            return new Projected(
                    branch.transposed(branch.pick(five, 2, 0)),
                    branch.transposed(branch.pick(five, 2, 1)),
                    branch.transposed(branch.pick(five, 2, 2)));
        }
        if (sizes.size() != 3) {
            throw new UnknownFormException(
                    "Its attribute qkv_hidden_sizes has "
                            + sizes.size()
                            + " numbers; three were expected.");
        }
        long keys = sizes.get(0);
        long values = keys + sizes.get(1);
        return new Projected(
                branch.split(branch.slice(all, 2, 0, keys), heads),
                branch.split(branch.slice(all, 2, keys, values), heads),
                branch.split(branch.slice(all, 2, values, values + sizes.get(2)), heads));
    }

    private static OptionalLong width(FusedNode node, long heads) throws UnknownFormException {
        List<Long> sizes = node.attributes().integers("qkv_hidden_sizes");
        if (!sizes.isEmpty()) {
            return OptionalLong.of(sizes.getFirst() / heads);
        }
        OptionalLong all = node.types().size(node.needed(1), 1);
        return all.isEmpty() ? all : OptionalLong.of(all.getAsLong() / 3 / heads);
    }
}
