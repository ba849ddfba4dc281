package org.headlight.engine.attention;

import org.headlight.engine.onnx.proto.Onnx.NodeProto;

import java.util.Set;

/** Operators that do all of attention in one node, so that its parts are no tensors. */
final class FusedOperators {
    private static final String MICROSOFT = "com.microsoft";
    private static final Set<String> CONTRIBUTED =
            Set.of(
                    "Attention",
                    "MultiHeadAttention",
                    "GroupQueryAttention",
                    "QAttention",
                    "QOrderedAttention",
                    "PackedAttention",
                    "PackedMultiHeadAttention",
                    "PagedAttention",
                    "SparseAttention",
                    "LongformerAttention",
                    "QOrderedLongformerAttention",
                    "DecoderAttention",
                    "DecoderMaskedSelfAttention",
                    "DecoderMaskedMultiHeadAttention",
                    "LinearAttention");
    private static final Set<String> STANDARD = Set.of("Attention", "LinearAttention");

    private FusedOperators() {}

    static boolean contains(NodeProto node) {
        String domain = node.getDomain();
        return domain.equals(MICROSOFT)
                ? CONTRIBUTED.contains(node.getOpType())
                : Ops.standard(node) && STANDARD.contains(node.getOpType());
    }

    static UnsupportedSite report(NodeProto node) {
        String origin = Ops.standard(node) ? "the standard operator " : "the fused operator ";
        String reason =
                node.getOpType().equals("LinearAttention")
                        ? ", which keeps a running state instead of a map, so there is no map to"
                                + " show."
                        : ", which keeps queries, keys and values inside; only attention written"
                                + " out as MatMul, Softmax, MatMul is read so far.";
        return new UnsupportedSite(Ops.label(node), "It is " + origin + node.getOpType() + reason);
    }
}
