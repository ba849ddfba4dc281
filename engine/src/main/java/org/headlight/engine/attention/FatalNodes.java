package org.headlight.engine.attention;

import org.headlight.engine.onnx.Attributes;
import org.headlight.engine.onnx.ModelSkeleton;
import org.headlight.engine.onnx.proto.Onnx.FunctionProto;
import org.headlight.engine.onnx.proto.Onnx.NodeProto;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds nodes on which a kernel of ONNX Runtime 1.29 ends the whole process, or writes where it
 * must not, instead of giving an error: a model that has one must not be run. Two are known:
 * Attention of com.microsoft asks its bias for its shape without looking whether there is one; and
 * DecoderMaskedMultiHeadAttention over a cache takes an empty past for a full one, and appends to
 * it behind its end.
 */
public final class FatalNodes {
    private static final int BIAS = 2;
    private static final int PAST = 5;

    private FatalNodes() {}

    /**
     * The first such node, one clause that says what is wrong with it; empty when there is none.
     */
    public static Optional<String> in(ModelSkeleton skeleton) {
        Stream<NodeProto> functions =
                skeleton.model().getFunctionsList().stream()
                        .map(FunctionProto::getNodeList)
                        .flatMap(List::stream);
        return Stream.concat(skeleton.model().getGraph().getNodeList().stream(), functions)
                .flatMap(FatalNodes::within)
                .filter(node -> node.getDomain().equals(FusedOperators.MICROSOFT))
                .flatMap(node -> fault(node).stream())
                .findFirst();
    }

    /** A node, and those in its branches and bodies. */
    private static Stream<NodeProto> within(NodeProto node) {
        return Stream.concat(
                Stream.of(node),
                Attributes.graphs(node)
                        .flatMap(graph -> graph.getNodeList().stream())
                        .flatMap(FatalNodes::within));
    }

    private static Optional<String> fault(NodeProto node) {
        String is = "its node " + Ops.label(node) + " (" + node.getOpType() + " of com.microsoft) ";
        if (node.getOpType().equals("Attention") && !has(node.getInputList(), BIAS)) {
            return Optional.of(
                    is
                            + "has no bias, and ONNX Runtime ends the whole process on such a node;"
                            + " give it a bias of zeros, or export the model again without merged"
                            + " attention nodes");
        }
        boolean cached =
                node.getOpType().equals("DecoderMaskedMultiHeadAttention")
                        && has(node.getInputList(), PAST);
        return cached
                ? Optional.of(
                        is
                                + "attends to a cache, and ONNX Runtime writes behind the end of it"
                                + " at the first token; export the model again with"
                                + " MultiHeadAttention in its place")
                : Optional.empty();
    }

    private static boolean has(List<String> names, int at) {
        return at < names.size() && !names.get(at).isEmpty();
    }
}
