package org.headlight.engine.onnx;

import org.headlight.engine.onnx.proto.Onnx.NodeProto;
import org.headlight.engine.onnx.proto.Onnx.TensorProto;

import java.util.List;

/**
 * Nodes that are added to a graph to make tensors that it does not have, such as the queries that
 * an operator keeps inside. They read tensors of the graph and change none.
 *
 * @param nodes in the order in which they can run
 * @param constants what they read besides
 */
public record GraphAddition(List<NodeProto> nodes, List<TensorProto> constants) {
    public GraphAddition {
        nodes = List.copyOf(nodes);
        constants = List.copyOf(constants);
    }

    /** Several additions, one after the other. */
    public static GraphAddition joined(List<GraphAddition> parts) {
        return new GraphAddition(
                parts.stream().flatMap(part -> part.nodes().stream()).toList(),
                parts.stream().flatMap(part -> part.constants().stream()).toList());
    }
}
