package org.headlight.engine.attention;

import org.headlight.engine.onnx.proto.Onnx.NodeProto;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Operators that do all of attention in one node. */
final class FusedOperators {
    /** The domain of the operators that ONNX Runtime adds. */
    static final String MICROSOFT = "com.microsoft";

    private static final String NO_KERNEL =
            ", which the runtime has no kernel for on the processor.";
    private static final String NO_MAP =
            ", which keeps a running state instead of a map, so there is no map to show.";

    /** Why some are not read, as the end of a sentence. */
    private static final Map<String, String> REFUSED =
            Map.ofEntries(
                    Map.entry("QOrderedAttention", NO_KERNEL),
                    Map.entry("PackedAttention", NO_KERNEL),
                    Map.entry("PackedMultiHeadAttention", NO_KERNEL),
                    Map.entry("PagedAttention", NO_KERNEL),
                    Map.entry("LongformerAttention", NO_KERNEL),
                    Map.entry("QOrderedLongformerAttention", NO_KERNEL),
                    Map.entry("DecoderAttention", NO_KERNEL),
                    Map.entry("DecoderMaskedSelfAttention", NO_KERNEL),
                    Map.entry("LinearAttention", NO_MAP));

    private final List<FusedForm> forms =
            List.of(
                    new StandardAttentionForm(),
                    new GroupQueryForm(),
                    new MultiHeadForm(),
                    new DecoderMaskedForm(),
                    new SparseForm(),
                    new PackedWeightsForm());

    /** Whether a node does all of attention. */
    boolean contains(NodeProto node) {
        return form(node).isPresent() || isRefused(node);
    }

    private Optional<FusedForm> form(NodeProto node) {
        return forms.stream().filter(form -> form.reads(node)).findFirst();
    }

    private static boolean isRefused(NodeProto node) {
        boolean known = node.getDomain().equals(MICROSOFT) || Ops.standard(node);
        return known && REFUSED.containsKey(node.getOpType());
    }

    /**
     * Reads a node.
     *
     * @param branch takes the nodes that make tensors which the graph does not have
     * @throws UnknownFormException when it is one that is not read
     */
    FusedSite read(FusedNode node, NodeProto proto, SideBranch branch) throws UnknownFormException {
        Optional<FusedForm> form = form(proto);
        if (form.isEmpty()) {
            throw new UnknownFormException(
                    "It is the fused operator "
                            + proto.getOpType()
                            + REFUSED.getOrDefault(proto.getOpType(), NO_KERNEL));
        }
        return form.get().read(node, branch);
    }

    /** Keys and values that a node gives, made without running it; see {@link FusedForm}. */
    Optional<KeysAndValues> beside(FusedNode node, NodeProto proto, SideBranch branch)
            throws UnknownFormException {
        Optional<FusedForm> form = form(proto);
        return form.isEmpty() ? Optional.empty() : form.get().beside(node, branch);
    }
}
