package org.headlight.engine.onnx;

import org.headlight.engine.onnx.proto.Onnx.AttributeProto;
import org.headlight.engine.onnx.proto.Onnx.GraphProto;
import org.headlight.engine.onnx.proto.Onnx.NodeProto;
import org.headlight.engine.onnx.proto.Onnx.TensorProto;
import org.headlight.engine.onnx.proto.Onnx.ValueInfoProto;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Which names a graph defines, which it takes from the graph around it, and renaming both. */
final class Scopes {
    private Scopes() {}

    /** Names defined by the inputs, initializers and nodes of a graph itself. */
    static Set<String> defined(GraphProto graph) {
        Set<String> names = new HashSet<>();
        for (ValueInfoProto input : graph.getInputList()) {
            names.add(input.getName());
        }
        for (TensorProto initializer : graph.getInitializerList()) {
            names.add(initializer.getName());
        }
        for (NodeProto node : graph.getNodeList()) {
            names.addAll(node.getOutputList());
        }
        names.remove("");
        return names;
    }

    /** Names that the graphs inside a node take from around it. */
    static Set<String> captured(NodeProto node) {
        Set<String> names = new LinkedHashSet<>();
        Attributes.graphs(node).forEach(graph -> names.addAll(captured(graph)));
        return names;
    }

    private static Set<String> captured(GraphProto graph) {
        Set<String> names = new LinkedHashSet<>();
        for (NodeProto node : graph.getNodeList()) {
            names.addAll(node.getInputList());
            names.addAll(captured(node));
        }
        for (ValueInfoProto output : graph.getOutputList()) {
            names.add(output.getName());
        }
        names.removeAll(defined(graph));
        names.remove("");
        return names;
    }

    /** The node with its tensors renamed, in the graphs inside it too. */
    static NodeProto rename(NodeProto node, Map<String, String> names) {
        if (names.isEmpty()) {
            return node;
        }
        NodeProto.Builder out = node.toBuilder();
        for (int i = 0; i < node.getInputCount(); i++) {
            out.setInput(i, names.getOrDefault(node.getInput(i), node.getInput(i)));
        }
        for (int i = 0; i < node.getOutputCount(); i++) {
            out.setOutput(i, names.getOrDefault(node.getOutput(i), node.getOutput(i)));
        }
        for (AttributeProto.Builder attribute : out.getAttributeBuilderList()) {
            if (attribute.hasG()) {
                attribute.setG(rename(attribute.getG(), names));
            }
            for (int i = 0; i < attribute.getGraphsCount(); i++) {
                attribute.setGraphs(i, rename(attribute.getGraphs(i), names));
            }
        }
        return out.build();
    }

    private static GraphProto rename(GraphProto graph, Map<String, String> names) {
        Map<String, String> visible = new HashMap<>(names);
        visible.keySet().removeAll(defined(graph));
        GraphProto.Builder out = graph.toBuilder();
        for (int i = 0; i < graph.getNodeCount(); i++) {
            out.setNode(i, rename(graph.getNode(i), visible));
        }
        for (ValueInfoProto.Builder output : out.getOutputBuilderList()) {
            output.setName(visible.getOrDefault(output.getName(), output.getName()));
        }
        return out.build();
    }
}
