package org.headlight.engine.onnx;

import org.headlight.engine.onnx.proto.Onnx.AttributeProto;
import org.headlight.engine.onnx.proto.Onnx.GraphProto;
import org.headlight.engine.onnx.proto.Onnx.NodeProto;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** The attributes of one node, by name. */
public final class Attributes {
    private final NodeProto node;

    private Attributes(NodeProto node) {
        this.node = node;
    }

    public static Attributes of(NodeProto node) {
        return new Attributes(node);
    }

    /** The attribute; null when the node does not state it. */
    public @Nullable AttributeProto get(String name) {
        for (AttributeProto attribute : node.getAttributeList()) {
            if (attribute.getName().equals(name)) {
                return attribute;
            }
        }
        return null;
    }

    public long integer(String name, long absent) {
        AttributeProto attribute = get(name);
        return attribute == null ? absent : attribute.getI();
    }

    public float number(String name, float absent) {
        AttributeProto attribute = get(name);
        return attribute == null ? absent : attribute.getF();
    }

    public String text(String name) {
        AttributeProto attribute = get(name);
        return attribute == null ? "" : attribute.getS().toString(StandardCharsets.UTF_8);
    }

    /** The list of integers; empty when the node does not state it. */
    public List<Long> integers(String name) {
        AttributeProto attribute = get(name);
        return attribute == null ? List.of() : attribute.getIntsList();
    }

    /** The graphs that the node carries as bodies or branches. */
    public static Stream<GraphProto> graphs(NodeProto node) {
        return node.getAttributeList().stream()
                .flatMap(a ->
                        a.hasG() ? Stream.concat(Stream.of(a.getG()), graphList(a)) : graphList(a));
    }

    private static Stream<GraphProto> graphList(AttributeProto attribute) {
        return attribute.getGraphsList().stream();
    }
}
