package org.headlight.engine.attention;

import org.headlight.engine.attention.AttentionSite.ScaleFactor;
import org.headlight.engine.onnx.Attributes;
import org.headlight.engine.onnx.GraphIndex;
import org.headlight.engine.onnx.proto.Onnx.AttributeProto;
import org.headlight.engine.onnx.proto.Onnx.GraphProto;
import org.headlight.engine.onnx.proto.Onnx.NodeProto;
import org.headlight.engine.onnx.proto.Onnx.TensorProto;
import org.jspecify.annotations.Nullable;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/** Numbers of a graph that are the same for every score: known ones, and ones known at run time. */
final class Scalars {
    private static final int MAX_DEPTH = 16;
    private static final Set<String> FIRST_INPUT =
            Set.of("Cast", "Identity", "Reshape", "Squeeze", "Unsqueeze", "Expand", "CastLike");
    private static final Set<String> MATHS =
            Set.of("Sqrt", "Reciprocal", "Neg", "Mul", "Div", "Add", "Sub", "Pow", "Max", "Min");
    private static final Set<String> OF_SHAPE = Set.of("Gather", "Slice", "GatherElements");

    private final GraphIndex index;

    Scalars(GraphIndex index) {
        this.index = index;
    }

    /** The factor that a tensor is; empty when it is not a single number. */
    Optional<ScaleFactor> factor(String tensor, boolean divide) {
        OptionalDouble known = uniform(tensor);
        if (known.isPresent()) {
            return Optional.of(new ScaleFactor((float) known.getAsDouble(), null, divide));
        }
        return isSingle(tensor, 0)
                ? Optional.of(new ScaleFactor(null, tensor, divide))
                : Optional.empty();
    }

    /** The one number that fills a tensor, when the graph alone says which. */
    OptionalDouble uniform(String tensor) {
        return uniform(tensor, 0);
    }

    private OptionalDouble uniform(String tensor, int depth) {
        double[] values = index.values(tensor);
        if (values != null) {
            return same(values);
        }
        NodeProto node = index.producer(tensor);
        if (node == null || depth > MAX_DEPTH) {
            return OptionalDouble.empty();
        }
        String op = node.getOpType();
        if (op.equals("ConstantOfShape")) {
            return filled(node);
        }
        if (node.getInputCount() == 0) {
            return OptionalDouble.empty();
        }
        OptionalDouble first = uniform(node.getInput(0), depth + 1);
        if (first.isEmpty() || FIRST_INPUT.contains(op)) {
            return first;
        }
        if (node.getInputCount() == 1) {
            return MATHS.contains(op) ? unary(op, first.getAsDouble()) : OptionalDouble.empty();
        }
        OptionalDouble second =
                MATHS.contains(op) && node.getInputCount() == 2
                        ? uniform(node.getInput(1), depth + 1)
                        : OptionalDouble.empty();
        return second.isEmpty() ? second : binary(op, first.getAsDouble(), second.getAsDouble());
    }

    private static OptionalDouble unary(String op, double a) {
        return switch (op) {
            case "Sqrt" -> OptionalDouble.of(Math.sqrt(a));
            case "Reciprocal" -> OptionalDouble.of(1 / a);
            case "Neg" -> OptionalDouble.of(-a);
            default -> OptionalDouble.empty();
        };
    }

    private static OptionalDouble binary(String op, double a, double b) {
        return switch (op) {
            case "Mul" -> OptionalDouble.of(a * b);
            case "Div" -> OptionalDouble.of(a / b);
            case "Add" -> OptionalDouble.of(a + b);
            case "Sub" -> OptionalDouble.of(a - b);
            case "Pow" -> OptionalDouble.of(Math.pow(a, b));
            case "Max" -> OptionalDouble.of(Math.max(a, b));
            case "Min" -> OptionalDouble.of(Math.min(a, b));
            default -> OptionalDouble.empty();
        };
    }

    private static OptionalDouble filled(NodeProto node) {
        @Nullable AttributeProto value = Attributes.of(node).get("value");
        if (value == null) {
            return OptionalDouble.of(0);
        }
        TensorProto named = value.getT().toBuilder().setName("value").build();
        GraphProto holder = GraphProto.newBuilder().addInitializer(named).build();
        return new GraphIndex(holder, null).scalar("value");
    }

    private static OptionalDouble same(double[] values) {
        for (double value : values) {
            if (Double.compare(value, values[0]) != 0) {
                return OptionalDouble.empty();
            }
        }
        return values.length == 0 ? OptionalDouble.empty() : OptionalDouble.of(values[0]);
    }

    /** Whether a tensor is one number that shapes and constants decide at run time. */
    private boolean isSingle(String tensor, int depth) {
        if (uniform(tensor).isPresent()) {
            return true;
        }
        NodeProto node = index.producer(tensor);
        if (node == null || depth > MAX_DEPTH || node.getInputCount() == 0) {
            return false;
        }
        String op = node.getOpType();
        if (op.equals("Size")) {
            return true;
        }
        if (op.equals("Shape")) {
            return Attributes.of(node).get("start") != null;
        }
        if (OF_SHAPE.contains(op)) {
            NodeProto shape = index.producer(node.getInput(0));
            return shape != null && shape.getOpType().equals("Shape");
        }
        if (FIRST_INPUT.contains(op)) {
            return isSingle(node.getInput(0), depth + 1);
        }
        return MATHS.contains(op)
                && node.getInputList().stream().allMatch(input -> isSingle(input, depth + 1));
    }
}
