package org.headlight.engine.onnx;

import org.headlight.engine.onnx.proto.Onnx.AttributeProto;
import org.headlight.engine.onnx.proto.Onnx.GraphProto;
import org.headlight.engine.onnx.proto.Onnx.NodeProto;
import org.headlight.engine.onnx.proto.Onnx.TensorProto;
import org.headlight.engine.onnx.proto.Onnx.ValueInfoProto;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/** Who makes and who reads each tensor of a graph, and the values of its small constants. */
public final class GraphIndex {
    private final @Nullable GraphIndex around;
    private final Map<String, NodeProto> producers = new HashMap<>();
    private final Map<String, List<Use>> uses = new HashMap<>();
    private final Map<String, TensorProto> initializers = new HashMap<>();
    private final Set<String> inputs = new HashSet<>();
    private final List<NodeProto> nodes;

    /**
     * One reading of a tensor.
     *
     * @param node the node that reads it
     * @param input which of the node's inputs; -1 when a graph inside the node reads it
     */
    public record Use(NodeProto node, int input) {}

    GraphIndex(GraphProto graph) {
        this(graph, null);
    }

    /**
     * @param around the graph that this one lies in; its tensors are visible from here
     */
    public GraphIndex(GraphProto graph, @Nullable GraphIndex around) {
        this.around = around;
        for (TensorProto initializer : graph.getInitializerList()) {
            initializers.put(initializer.getName(), initializer);
        }
        for (ValueInfoProto input : graph.getInputList()) {
            if (!initializers.containsKey(input.getName())) {
                inputs.add(input.getName());
            }
        }
        for (NodeProto node : graph.getNodeList()) {
            node.getOutputList().forEach(output -> producers.putIfAbsent(output, node));
            for (int i = 0; i < node.getInputCount(); i++) {
                use(node.getInput(i), new Use(node, i));
            }
            for (String captured : Scopes.captured(node)) {
                use(captured, new Use(node, -1));
            }
        }
        producers.remove("");
        nodes = new RunOrder(graph).sort();
    }

    private void use(String tensor, Use use) {
        uses.computeIfAbsent(tensor, name -> new ArrayList<>()).add(use);
    }

    /** The tensors that a node reads, those that graphs inside it take from around it too. */
    public static Set<String> reads(NodeProto node) {
        Set<String> names = new LinkedHashSet<>(node.getInputList());
        names.addAll(Scopes.captured(node));
        names.remove("");
        return names;
    }

    /** The nodes in an order in which they can run: that of the file wherever it is one. */
    public List<NodeProto> nodes() {
        return nodes;
    }

    /** Names of the inputs that must be fed. */
    public Set<String> inputs() {
        return Set.copyOf(inputs);
    }

    public boolean isInput(String tensor) {
        return inputs.contains(tensor);
    }

    public boolean isInitializer(String tensor) {
        return initializers.containsKey(tensor) || (around != null && around.isInitializer(tensor));
    }

    /** Whether the graph has a tensor of this name. */
    public boolean has(String tensor) {
        return producers.containsKey(tensor) || isInput(tensor) || isInitializer(tensor);
    }

    /** The node that makes a tensor; null for inputs and initializers. */
    public @Nullable NodeProto producer(String tensor) {
        NodeProto producer = producers.get(tensor);
        return producer == null && around != null ? around.producer(tensor) : producer;
    }

    /** All readings of a tensor. */
    public List<Use> uses(String tensor) {
        return uses.getOrDefault(tensor, List.of());
    }

    /** The initializer, or the value of the Constant node, of this name; null for other tensors. */
    public @Nullable TensorProto constant(String tensor) {
        TensorProto initializer = initializers.get(tensor);
        if (initializer != null) {
            return initializer;
        }
        NodeProto producer = producers.get(tensor);
        if (producer != null) {
            return producer.getOpType().equals("Constant") ? constantOf(producer) : null;
        }
        return around == null ? null : around.constant(tensor);
    }

    /** The numbers of a small constant in row-major order; null for everything else. */
    public double @Nullable [] values(String tensor) {
        TensorProto constant = constant(tensor);
        return constant == null ? null : TensorValues.read(constant);
    }

    /** The number of a constant with one element. */
    public OptionalDouble scalar(String tensor) {
        double[] values = values(tensor);
        return values != null && values.length == 1
                ? OptionalDouble.of(values[0])
                : OptionalDouble.empty();
    }

    private static @Nullable TensorProto constantOf(NodeProto node) {
        for (AttributeProto a : node.getAttributeList()) {
            switch (a.getName()) {
                case "value" -> {
                    return a.getT();
                }
                case "value_float" -> {
                    return floats().addFloatData(a.getF()).build();
                }
                case "value_floats" -> {
                    return floats().addDims(a.getFloatsCount())
                            .addAllFloatData(a.getFloatsList())
                            .build();
                }
                case "value_int" -> {
                    return integers().addInt64Data(a.getI()).build();
                }
                case "value_ints" -> {
                    return integers()
                            .addDims(a.getIntsCount())
                            .addAllInt64Data(a.getIntsList())
                            .build();
                }
                default -> {
                    // Strings and sparse values are no numbers that the graph's maths needs.
                }
            }
        }
        return null;
    }

    private static TensorProto.Builder floats() {
        return TensorProto.newBuilder().setDataType(ElementType.FLOAT.number());
    }

    private static TensorProto.Builder integers() {
        return TensorProto.newBuilder().setDataType(ElementType.INT64.number());
    }
}
