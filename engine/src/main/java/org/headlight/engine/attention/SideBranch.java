package org.headlight.engine.attention;

import org.headlight.engine.onnx.GraphAddition;
import org.headlight.engine.onnx.proto.Onnx.AttributeProto;
import org.headlight.engine.onnx.proto.Onnx.NodeProto;
import org.headlight.engine.onnx.proto.Onnx.TensorProto;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Nodes beside one operator that make the tensors it keeps inside. Only operators whose form has
 * not changed from version 11 of the standard ones on are used, so that they fit into any graph.
 */
final class SideBranch {
    private static final int FLOAT = 1;
    private static final int INT64 = 7;
    private static final int BOOL = 9;
    private static final int FLOAT_ATTRIBUTE = 1;
    private static final int INTEGER_ATTRIBUTE = 2;
    private static final int INTEGERS_ATTRIBUTE = 7;

    private final String prefix;
    private final List<NodeProto> nodes = new ArrayList<>();
    private final List<TensorProto> constants = new ArrayList<>();

    /**
     * @param prefix what all names begin with; no tensor of the graph does
     */
    SideBranch(String prefix) {
        this.prefix = prefix;
    }

    GraphAddition addition() {
        return new GraphAddition(nodes, constants);
    }

    /** A standard operator; attributes follow as name, value pairs. */
    String node(String op, List<String> inputs, Object... attributes) {
        return nodeOf("", op, inputs, attributes);
    }

    /** An operator of com.microsoft. */
    String contributed(String op, List<String> inputs, Object... attributes) {
        return nodeOf("com.microsoft", op, inputs, attributes);
    }

    private String nodeOf(String domain, String op, List<String> inputs, Object... attributes) {
        String name = prefix + op + "_" + nodes.size();
        NodeProto.Builder node =
                NodeProto.newBuilder()
                        .setOpType(op)
                        .setName(name)
                        .setDomain(domain)
                        .addAllInput(inputs)
                        .addOutput(name);
        for (int i = 0; i < attributes.length; i += 2) {
            node.addAttribute(attribute((String) attributes[i], attributes[i + 1]));
        }
        nodes.add(node.build());
        return name;
    }

    private static AttributeProto attribute(String name, Object value) {
        AttributeProto.Builder attribute = AttributeProto.newBuilder().setName(name);
        return switch (value) {
            case Integer i -> attribute.setType(INTEGER_ATTRIBUTE).setI(i).build();
            case Long i -> attribute.setType(INTEGER_ATTRIBUTE).setI(i).build();
            case Float f -> attribute.setType(FLOAT_ATTRIBUTE).setF(f).build();
            case long[] list -> {
                for (long each : list) {
                    attribute.addInts(each);
                }
                yield attribute.setType(INTEGERS_ATTRIBUTE).build();
            }
            default -> throw new IllegalArgumentException(value.getClass().getName());
        };
    }

    /** A constant list of whole numbers. */
    String integers(long... values) {
        String name = prefix + "c" + constants.size();
        TensorProto.Builder tensor =
                TensorProto.newBuilder().setName(name).setDataType(INT64).addDims(values.length);
        for (long value : values) {
            tensor.addInt64Data(value);
        }
        constants.add(tensor.build());
        return name;
    }

    /** A constant number. */
    String number(float value) {
        String name = prefix + "c" + constants.size();
        constants.add(
                TensorProto.newBuilder()
                        .setName(name)
                        .setDataType(FLOAT)
                        .addFloatData(value)
                        .build());
        return name;
    }

    /** The same numbers under another shape; 0 keeps an axis, -1 takes the rest. */
    String reshape(String tensor, long... shape) {
        return node("Reshape", List.of(tensor, integers(shape)));
    }

    /** A tensor of one number without axes. */
    String scalar(String tensor) {
        return reshape(tensor);
    }

    /** From [B, N, H * D] to [B, H, N, D]. */
    String split(String flat, long heads) {
        return transposed(reshape(flat, 0, 0, heads, -1));
    }

    /** From [B, N, H, D] to [B, H, N, D]. */
    String transposed(String rows) {
        return node("Transpose", List.of(rows), "perm", new long[] {0, 2, 1, 3});
    }

    /** One index of an axis, which goes. */
    String pick(String tensor, int axis, long index) {
        String scalar = prefix + "c" + constants.size();
        constants.add(
                TensorProto.newBuilder()
                        .setName(scalar)
                        .setDataType(INT64)
                        .addInt64Data(index)
                        .build());
        return node("Gather", List.of(tensor, scalar), "axis", axis);
    }

    /** A part of an axis. */
    String slice(String tensor, int axis, long from, long to) {
        return slice(tensor, axis, integers(from), integers(to));
    }

    /** A part of an axis between two tensors of one whole number each, [1]. */
    String slice(String tensor, int axis, String from, String to) {
        return node("Slice", List.of(tensor, from, to, integers(axis)));
    }

    /** The size of an axis, [1]. */
    String size(String tensor, int axis) {
        String shape = node("Shape", List.of(tensor));
        return slice(shape, 0, axis, axis + 1);
    }

    String toIntegers(String tensor) {
        return node("Cast", List.of(tensor), "to", INT64);
    }

    String toFloats(String tensor) {
        return node("Cast", List.of(tensor), "to", FLOAT);
    }

    /** 0 where a mask of whole numbers is positive, and elsewhere the number. */
    String additive(String mask, float masked) {
        String keeps = node("Cast", List.of(mask), "to", BOOL);
        return node("Where", List.of(keeps, number(0), number(masked)));
    }

    /**
     * Heads, [B, H, N, D], after rotary embedding.
     *
     * @param count heads
     * @param positions of every query, [B, N], or of the first, [1]
     * @param cos the input of the operator with the cosines; the sines follow it
     */
    String rotated(FusedNode node, String heads, long count, String positions, int cos)
            throws UnknownFormException {
        String cosines = node.needed(cos);
        OptionalLong half = node.types().size(cosines, 1);
        List<String> inputs = List.of(heads, positions, cosines, node.needed(cos + 1));
        long interleaved = node.attributes().integer("rotary_interleaved", 0);
        return half.isEmpty()
                ? contributed("RotaryEmbedding", inputs, "interleaved", interleaved)
                : contributed(
                        "RotaryEmbedding",
                        inputs,
                        "interleaved",
                        interleaved,
                        "num_heads",
                        count,
                        "rotary_embedding_dim",
                        2 * half.getAsLong());
    }

    /** Tensors [B, H, P, D] and [B, H, N, D], one after the other; the first may not exist. */
    String appended(@Nullable String past, String fresh) {
        return past == null ? fresh : node("Concat", List.of(past, fresh), "axis", 2);
    }

    /** The square root of the width of heads, [B, H, N, D], as one float. */
    String rootOfWidth(String heads) {
        return node("Sqrt", List.of(toFloats(size(heads, 3))));
    }
}
