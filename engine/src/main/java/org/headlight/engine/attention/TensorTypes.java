package org.headlight.engine.attention;

import org.headlight.engine.onnx.Attributes;
import org.headlight.engine.onnx.GraphIndex;
import org.headlight.engine.onnx.proto.Onnx.AttributeProto;
import org.headlight.engine.onnx.proto.Onnx.GraphProto;
import org.headlight.engine.onnx.proto.Onnx.NodeProto;
import org.headlight.engine.onnx.proto.Onnx.TensorProto;
import org.headlight.engine.onnx.proto.Onnx.TypeProto;
import org.headlight.engine.onnx.proto.Onnx.ValueInfoProto;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.IntBinaryOperator;

/** What a graph says about its tensors: how many axes they have, and whether they are truth. */
final class TensorTypes {
    private static final int MAX_STEPS = 16;
    private static final int BOOL = 9;
    private static final Set<String> TRUTH =
            Set.of(
                    "And",
                    "Or",
                    "Xor",
                    "Not",
                    "Less",
                    "LessOrEqual",
                    "Greater",
                    "GreaterOrEqual",
                    "Equal",
                    "IsNaN",
                    "IsInf");

    /** Operators whose result has the axes and the type of their first input. */
    private static final Set<String> LIKE_FIRST =
            Set.of(
                    "Identity",
                    "Dropout",
                    "Slice",
                    "Concat",
                    "Pad",
                    "Tile",
                    "Relu",
                    "LayerNormalization",
                    "SimplifiedLayerNormalization",
                    "RMSNormalization",
                    "SkipLayerNormalization",
                    "SkipSimplifiedLayerNormalization",
                    "RotaryEmbedding",
                    "Softmax",
                    "Trilu",
                    "MatMulNBits",
                    "BiasGelu");

    /** Operators whose result is as large as their only input. */
    private static final Set<String> SAME_SIZE = Set.of("Cast", "Identity", "Cos", "Sin");

    /** Operators whose result has the type of their first input, under other axes. */
    private static final Set<String> SAME_TYPE =
            Set.of(
                    "Unsqueeze",
                    "Squeeze",
                    "Reshape",
                    "Expand",
                    "Transpose",
                    "Gather",
                    "Split",
                    "GatherND");

    private static final Set<String> BROADCAST = Set.of("Add", "Sub", "Mul", "Div", "Pow", "Sum");

    private final GraphIndex index;
    private final Map<String, TypeProto> stated = new HashMap<>();

    TensorTypes(GraphProto graph, GraphIndex index) {
        this.index = index;
        for (ValueInfoProto info : graph.getValueInfoList()) {
            stated.put(info.getName(), info.getType());
        }
        for (ValueInfoProto info : graph.getInputList()) {
            stated.put(info.getName(), info.getType());
        }
    }

    /** Whether a tensor is fed from outside. */
    boolean isGraphInput(String tensor) {
        return index.isInput(tensor);
    }

    /** How many axes a tensor has, where that can be told. */
    OptionalInt rank(String tensor) {
        return rank(tensor, 0);
    }

    private OptionalInt rank(String tensor, int depth) {
        TypeProto type = stated.get(tensor);
        if (type != null && type.getTensorType().hasShape()) {
            return OptionalInt.of(type.getTensorType().getShape().getDimCount());
        }
        TensorProto constant = index.constant(tensor);
        if (constant != null) {
            return OptionalInt.of(constant.getDimsCount());
        }
        NodeProto node = index.producer(tensor);
        if (node == null || node.getInputCount() == 0 || depth > MAX_STEPS) {
            return OptionalInt.empty();
        }
        boolean lengths =
                node.getOpType().equals("EmbedLayerNormalization")
                        && node.getOutputList().indexOf(tensor) == 1;
        return lengths ? OptionalInt.of(1) : made(node, depth + 1);
    }

    /** The axes of what a node makes. */
    private OptionalInt made(NodeProto node, int depth) {
        String op = node.getOpType();
        if (LIKE_FIRST.contains(op) || op.equals("Cast")) {
            return rank(node.getInput(0), depth);
        }
        if (BROADCAST.contains(op) || op.equals("MatMul")) {
            return both(node, depth, Math::max);
        }
        if (op.equals("Transpose")) {
            int axes = Attributes.of(node).integers("perm").size();
            return axes > 0 ? OptionalInt.of(axes) : rank(node.getInput(0), depth);
        }
        if (op.equals("Gather")) {
            return both(node, depth, (data, at) -> data + at - 1);
        }
        if (op.startsWith("Reduce")) {
            return reduced(node, depth);
        }
        return op.equals("Reshape") ? elements(node.getInput(1)) : OptionalInt.empty();
    }

    private OptionalInt both(NodeProto node, int depth, IntBinaryOperator together) {
        OptionalInt a = rank(node.getInput(0), depth);
        OptionalInt b = rank(node.getInput(1), depth);
        return a.isPresent() && b.isPresent()
                ? OptionalInt.of(together.applyAsInt(a.getAsInt(), b.getAsInt()))
                : OptionalInt.empty();
    }

    private OptionalInt reduced(NodeProto node, int depth) {
        OptionalInt rank = rank(node.getInput(0), depth);
        Attributes attributes = Attributes.of(node);
        if (rank.isEmpty() || attributes.integer("keepdims", 1) != 0) {
            return rank;
        }
        int axes = attributes.integers("axes").size();
        if (axes == 0 && node.getInputCount() > 1) {
            axes = elements(node.getInput(1)).orElse(0);
        }
        return axes == 0 ? OptionalInt.empty() : OptionalInt.of(rank.getAsInt() - axes);
    }

    /** How many numbers a shape, or a list of axes, has. */
    private OptionalInt elements(String shape) {
        TensorProto constant = index.constant(shape);
        if (constant != null && constant.getDimsCount() <= 1) {
            return OptionalInt.of(constant.getDimsCount() == 0 ? 1 : (int) constant.getDims(0));
        }
        NodeProto concat = index.producer(shape);
        return concat != null && concat.getOpType().equals("Concat")
                ? OptionalInt.of(concat.getInputCount())
                : OptionalInt.empty();
    }

    /** The size of an axis, counted from 0, where the graph states it. */
    OptionalLong size(String tensor, int axis) {
        TypeProto type = stated.get(tensor);
        if (type != null && type.getTensorType().getShape().getDimCount() > axis) {
            var dim = type.getTensorType().getShape().getDim(axis);
            return dim.hasDimValue() ? OptionalLong.of(dim.getDimValue()) : OptionalLong.empty();
        }
        TensorProto constant = index.constant(tensor);
        if (constant != null && constant.getDimsCount() > axis) {
            return OptionalLong.of(constant.getDims(axis));
        }
        NodeProto node = index.producer(tensor);
        return node != null && SAME_SIZE.contains(node.getOpType())
                ? size(node.getInput(0), axis)
                : OptionalLong.empty();
    }

    /** Whether a tensor holds truth values. */
    boolean isTruth(String tensor) {
        String at = tensor;
        for (int step = 0; step < MAX_STEPS; step++) {
            int type = elementType(at);
            NodeProto node = index.producer(at);
            if (type != 0 || node == null || node.getInputCount() == 0) {
                return type == BOOL;
            }
            String op = node.getOpType();
            boolean passes = LIKE_FIRST.contains(op) || SAME_TYPE.contains(op);
            if (!passes && !op.equals("Where")) {
                return TRUTH.contains(op);
            }
            at = node.getInput(passes ? 0 : 1);
        }
        return false;
    }

    /** The number of an element type that is stated; 0 where it follows from other tensors. */
    private int elementType(String tensor) {
        TypeProto type = stated.get(tensor);
        if (type != null && type.getTensorType().getElemType() != 0) {
            return type.getTensorType().getElemType();
        }
        TensorProto constant = index.constant(tensor);
        if (constant != null) {
            return constant.getDataType();
        }
        NodeProto node = index.producer(tensor);
        String op = node == null ? "" : node.getOpType();
        if (node != null && op.equals("Cast")) {
            return (int) Attributes.of(node).integer("to", 0);
        }
        AttributeProto value =
                node != null && op.equals("ConstantOfShape")
                        ? Attributes.of(node).get("value")
                        : null;
        return value == null ? 0 : value.getT().getDataType();
    }
}
