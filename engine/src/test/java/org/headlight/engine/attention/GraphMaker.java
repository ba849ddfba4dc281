package org.headlight.engine.attention;

import com.google.protobuf.ByteString;

import org.headlight.engine.onnx.ModelSkeleton;
import org.headlight.engine.onnx.proto.Onnx.AttributeProto;
import org.headlight.engine.onnx.proto.Onnx.GraphProto;
import org.headlight.engine.onnx.proto.Onnx.ModelProto;
import org.headlight.engine.onnx.proto.Onnx.NodeProto;
import org.headlight.engine.onnx.proto.Onnx.OperatorSetIdProto;
import org.headlight.engine.onnx.proto.Onnx.TensorProto;
import org.headlight.engine.onnx.proto.Onnx.TensorShapeProto;
import org.headlight.engine.onnx.proto.Onnx.TypeProto;
import org.headlight.engine.onnx.proto.Onnx.ValueInfoProto;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Writes small ONNX models, one node a call. */
public final class GraphMaker {
    public static final int FLOAT = 1;
    public static final int UINT8 = 2;
    public static final int INT8 = 3;
    public static final int INT32 = 6;
    public static final int INT64 = 7;
    public static final int BOOL = 9;
    public static final int FLOAT16 = 10;

    private final GraphProto.Builder graph = GraphProto.newBuilder().setName("made");
    private final List<OperatorSetIdProto> opsets = new ArrayList<>();
    private final Random random;

    public GraphMaker(long opset) {
        this(opset, 7);
    }

    public GraphMaker(long opset, long seed) {
        opsets.add(OperatorSetIdProto.newBuilder().setDomain("").setVersion(opset).build());
        random = new Random(seed);
    }

    public GraphMaker withDomain(String domain) {
        opsets.add(OperatorSetIdProto.newBuilder().setDomain(domain).setVersion(1).build());
        return this;
    }

    public String input(String name, int type, Object... dims) {
        graph.addInput(info(name, type, dims));
        return name;
    }

    public GraphMaker output(String name) {
        graph.addOutput(ValueInfoProto.newBuilder().setName(name));
        return this;
    }

    public GraphMaker output(String name, int type, Object... dims) {
        graph.addOutput(info(name, type, dims));
        return this;
    }

    private static ValueInfoProto info(String name, int type, Object... dims) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        for (Object dim : dims) {
            TensorShapeProto.Dimension.Builder d = shape.addDimBuilder();
            if (dim instanceof String text) {
                d.setDimParam(text);
            } else {
                d.setDimValue(((Number) dim).longValue());
            }
        }
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(
                        TypeProto.newBuilder()
                                .setTensorType(
                                        TypeProto.Tensor.newBuilder()
                                                .setElemType(type)
                                                .setShape(shape)))
                .build();
    }

    /** A learned tensor with small random numbers. */
    public String weight(String name, long... dims) {
        return matrix(name, 0.25, dims);
    }

    /** A learned tensor with random numbers of that deviation. */
    public String matrix(String name, double deviation, long... dims) {
        TensorProto.Builder tensor = TensorProto.newBuilder().setName(name).setDataType(FLOAT);
        int count = 1;
        for (long dim : dims) {
            tensor.addDims(dim);
            count *= (int) dim;
        }
        ByteBuffer raw = ByteBuffer.allocate(4 * count).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            raw.putFloat((float) (random.nextGaussian() * deviation));
        }
        graph.addInitializer(tensor.setRawData(ByteString.copyFrom(raw.flip())));
        return name;
    }

    /** A learned list of numbers. */
    public String floats(String name, float... values) {
        ByteBuffer raw = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            raw.putFloat(value);
        }
        graph.addInitializer(
                TensorProto.newBuilder()
                        .setName(name)
                        .setDataType(FLOAT)
                        .addDims(values.length)
                        .setRawData(ByteString.copyFrom(raw.flip())));
        return name;
    }

    /** A learned tensor of bytes around zero, or around 128 where they have no sign. */
    public String bytes(String name, boolean unsigned, double deviation, long... dims) {
        TensorProto.Builder tensor =
                TensorProto.newBuilder().setName(name).setDataType(unsigned ? UINT8 : INT8);
        int count = 1;
        for (long dim : dims) {
            tensor.addDims(dim);
            count *= (int) dim;
        }
        byte[] raw = new byte[count];
        for (int i = 0; i < count; i++) {
            raw[i] = (byte) (random.nextGaussian() * 8 * deviation + (unsigned ? 128 : 0));
        }
        graph.addInitializer(tensor.setRawData(ByteString.copyFrom(raw)));
        return name;
    }

    /** States type and shape of a tensor inside. */
    public GraphMaker value(String name, int type, Object... dims) {
        graph.addValueInfo(info(name, type, dims));
        return this;
    }

    public GraphMaker initializer(TensorProto tensor) {
        graph.addInitializer(tensor);
        return this;
    }

    /** A Constant node with integers; a scalar where there is one and {@code scalar} is set. */
    public String integers(String name, long... values) {
        TensorProto.Builder tensor = TensorProto.newBuilder().setDataType(INT64);
        tensor.addDims(values.length);
        for (long value : values) {
            tensor.addInt64Data(value);
        }
        return constant(name, tensor.build());
    }

    /** A Constant node with one number. */
    public String number(String name, double value) {
        return constant(
                name,
                TensorProto.newBuilder().setDataType(FLOAT).addFloatData((float) value).build());
    }

    public String constant(String name, TensorProto value) {
        graph.addNode(
                NodeProto.newBuilder()
                        .setOpType("Constant")
                        .setName("Constant_" + name)
                        .addOutput(name)
                        .addAttribute(
                                AttributeProto.newBuilder()
                                        .setName("value")
                                        .setType(4)
                                        .setT(value)));
        return name;
    }

    /** A node named after its output; attributes follow as name, value pairs. */
    public String node(String op, String output, List<String> inputs, Object... attributes) {
        return nodeOf("", op, output, inputs, attributes);
    }

    public String nodeOf(
            String domain, String op, String output, List<String> inputs, Object... attributes) {
        return nodeOf(domain, op, List.of(output), inputs, attributes);
    }

    /** A node with several outputs, named after the first; an empty name stands for none. */
    public String nodeOf(
            String domain,
            String op,
            List<String> outputs,
            List<String> inputs,
            Object... attributes) {
        String output = outputs.getFirst();
        NodeProto.Builder node =
                NodeProto.newBuilder()
                        .setOpType(op)
                        .setName("/" + output)
                        .addAllInput(inputs)
                        .addAllOutput(outputs)
                        .setDomain(domain);
        for (int i = 0; i < attributes.length; i += 2) {
            node.addAttribute(attribute((String) attributes[i], attributes[i + 1]));
        }
        graph.addNode(node);
        return output;
    }

    /** An If node. */
    public static NodeProto branching(
            String condition, List<String> outputs, GraphProto then, GraphProto otherwise) {
        return NodeProto.newBuilder()
                .setOpType("If")
                .setName("/if")
                .addInput(condition)
                .addAllOutput(outputs)
                .addAttribute(attribute("then_branch", then))
                .addAttribute(attribute("else_branch", otherwise))
                .build();
    }

    private static AttributeProto attribute(String name, Object value) {
        AttributeProto.Builder attribute = AttributeProto.newBuilder().setName(name);
        return switch (value) {
            case Integer i -> attribute.setType(2).setI(i).build();
            case Float f -> attribute.setType(1).setF(f).build();
            case String s -> attribute.setType(3).setS(ByteString.copyFromUtf8(s)).build();
            case GraphProto g -> attribute.setType(5).setG(g).build();
            case long[] list -> {
                for (long each : list) {
                    attribute.addInts(each);
                }
                yield attribute.setType(7).build();
            }
            default -> throw new IllegalArgumentException(value.toString());
        };
    }

    public String matMul(String output, String a, String b) {
        return node("MatMul", output, List.of(a, b));
    }

    public String transpose(String output, String input, long... perm) {
        return node("Transpose", output, List.of(input), "perm", perm);
    }

    public String reshape(String output, String input, long... shape) {
        String dims = integers(output + "_shape", shape);
        return node("Reshape", output, List.of(input, dims));
    }

    /** The graph so far, as the body or branch of a node of another graph. */
    public GraphProto graph() {
        return graph.build();
    }

    public ModelProto model() {
        return ModelProto.newBuilder()
                .setIrVersion(8)
                .setProducerName("test")
                .setGraph(graph)
                .addAllOpsetImport(opsets)
                .build();
    }

    public Path write(Path file) {
        try {
            return Files.write(file, model().toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public ModelSkeleton open(Path folder) {
        return ModelSkeleton.open(write(folder.resolve("made.onnx")));
    }
}
