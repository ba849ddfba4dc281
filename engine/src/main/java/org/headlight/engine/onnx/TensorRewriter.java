package org.headlight.engine.onnx;

import org.headlight.engine.onnx.proto.Onnx.AttributeProto;
import org.headlight.engine.onnx.proto.Onnx.FunctionProto;
import org.headlight.engine.onnx.proto.Onnx.GraphProto;
import org.headlight.engine.onnx.proto.Onnx.ModelProto;
import org.headlight.engine.onnx.proto.Onnx.NodeProto;
import org.headlight.engine.onnx.proto.Onnx.TensorProto;

import java.util.List;
import java.util.function.UnaryOperator;

/** Applies a change to every tensor of a model, in subgraphs and functions too. */
final class TensorRewriter {
    private final UnaryOperator<TensorProto> change;

    TensorRewriter(UnaryOperator<TensorProto> change) {
        this.change = change;
    }

    ModelProto apply(ModelProto model) {
        ModelProto.Builder out = model.toBuilder().setGraph(graph(model.getGraph()));
        for (int i = 0; i < model.getFunctionsCount(); i++) {
            FunctionProto function = model.getFunctions(i);
            out.setFunctions(
                    i, function.toBuilder().clearNode().addAllNode(nodes(function.getNodeList())));
        }
        return out.build();
    }

    private GraphProto graph(GraphProto graph) {
        return graph.toBuilder()
                .clearNode()
                .addAllNode(nodes(graph.getNodeList()))
                .clearInitializer()
                .addAllInitializer(graph.getInitializerList().stream().map(change).toList())
                .build();
    }

    private List<NodeProto> nodes(List<NodeProto> nodes) {
        return nodes.stream().map(this::node).toList();
    }

    private NodeProto node(NodeProto node) {
        boolean holdsTensors =
                node.getAttributeList().stream()
                        .anyMatch(a -> a.hasT() || a.hasG() || a.getGraphsCount() > 0);
        if (!holdsTensors) {
            return node;
        }
        return node.toBuilder()
                .clearAttribute()
                .addAllAttribute(node.getAttributeList().stream().map(this::attribute).toList())
                .build();
    }

    private AttributeProto attribute(AttributeProto attribute) {
        AttributeProto.Builder out = attribute.toBuilder();
        if (attribute.hasT()) {
            out.setT(change.apply(attribute.getT()));
        }
        if (attribute.hasG()) {
            out.setG(graph(attribute.getG()));
        }
        for (int i = 0; i < attribute.getGraphsCount(); i++) {
            out.setGraphs(i, graph(attribute.getGraphs(i)));
        }
        return out.build();
    }
}
