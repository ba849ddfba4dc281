package org.headlight.engine.attention;

import org.headlight.engine.onnx.Attributes;
import org.headlight.engine.onnx.GraphIndex;
import org.headlight.engine.onnx.proto.Onnx.FunctionProto;
import org.headlight.engine.onnx.proto.Onnx.GraphProto;
import org.headlight.engine.onnx.proto.Onnx.NodeProto;

import java.util.ArrayList;
import java.util.List;

/** Reports attention inside branches, loop bodies and functions, whose tensors are out of reach. */
final class HiddenAttention {
    private final GraphIndex around;

    HiddenAttention(GraphIndex around) {
        this.around = around;
    }

    /** The attention inside the graphs that a node carries. */
    List<UnsupportedSite> inside(NodeProto node) {
        List<UnsupportedSite> found = new ArrayList<>();
        Attributes.graphs(node)
                .forEach(graph ->
                        add(
                                graph,
                                "inside the body of " + node.getOpType() + " " + Ops.label(node),
                                found));
        return found;
    }

    /** The attention inside functions that the model defines. */
    List<UnsupportedSite> insideFunctions(List<FunctionProto> functions) {
        List<UnsupportedSite> found = new ArrayList<>();
        for (FunctionProto function : functions) {
            GraphProto body = GraphProto.newBuilder().addAllNode(function.getNodeList()).build();
            add(body, "inside the model's own function " + function.getName(), found);
        }
        return found;
    }

    private void add(GraphProto graph, String where, List<UnsupportedSite> found) {
        GraphIndex index = new GraphIndex(graph, around);
        Reach reach = new Reach(index, new Weights(index));
        for (NodeProto node : graph.getNodeList()) {
            if (new FusedOperators().contains(node)
                    || AttentionFinder.attention(node, index, reach).isPresent()) {
                found.add(
                        new UnsupportedSite(
                                Ops.label(node),
                                "It lies " + where + ", whose tensors cannot be captured."));
            }
            found.addAll(new HiddenAttention(index).inside(node));
        }
    }
}
