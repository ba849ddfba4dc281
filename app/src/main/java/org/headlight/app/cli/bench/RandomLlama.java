package org.headlight.app.cli.bench;

import com.google.protobuf.ByteString;

import org.headlight.engine.onnx.proto.Onnx.AttributeProto;
import org.headlight.engine.onnx.proto.Onnx.GraphProto;
import org.headlight.engine.onnx.proto.Onnx.ModelProto;
import org.headlight.engine.onnx.proto.Onnx.NodeProto;
import org.headlight.engine.onnx.proto.Onnx.OperatorSetIdProto;
import org.headlight.engine.onnx.proto.Onnx.StringStringEntryProto;
import org.headlight.engine.onnx.proto.Onnx.TensorProto;
import org.headlight.engine.onnx.proto.Onnx.TensorShapeProto;
import org.headlight.engine.onnx.proto.Onnx.TypeProto;
import org.headlight.engine.onnx.proto.Onnx.ValueInfoProto;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Writes a Llama of 8 layers with 16 query heads of width 64 over 8 key heads, with random weights
 * from a seed: for speed alone, its text means nothing. Attention is GroupQueryAttention, which is
 * the fastest that the runtime has.
 */
final class RandomLlama {
    static final int LAYERS = 8;
    static final int HEADS = 16;
    static final int KEY_HEADS = 8;
    static final int DEPTH = 64;
    static final int VOCABULARY = 1_024;

    private static final int WIDTH = HEADS * DEPTH;
    private static final int INNER = 2_816;
    private static final int POSITIONS = 32_768;
    private static final int FLOAT = 1;
    private static final int HALF = 10;
    private static final int INT32 = 6;
    private static final int INT64 = 7;
    private static final int EXTERNAL = 1;
    private static final int CHUNK = 1 << 16;

    private final GraphProto.Builder graph = GraphProto.newBuilder().setName("llama");
    private final SplittableRandom random = new SplittableRandom(2_026);
    private final OutputStream data;
    private final int layers;
    private final boolean halves;
    private long written;

    private RandomLlama(OutputStream data, int layers, boolean halves) {
        this.data = data;
        this.layers = layers;
        this.halves = halves;
    }

    /**
     * Writes the model into a folder: some 380 MB.
     *
     * @return the folder
     */
    static Path write(Path folder) throws IOException {
        return write(folder, LAYERS, false);
    }

    /**
     * Writes a model of fewer layers, or one in halves.
     *
     * @return the folder
     */
    static Path write(Path folder, int layers, boolean halves) throws IOException {
        try (OutputStream data =
                new BufferedOutputStream(
                        Files.newOutputStream(folder.resolve("weights.bin")), 1 << 20)) {
            RandomLlama llama = new RandomLlama(data, layers, halves);
            llama.model();
            ModelProto model =
                    ModelProto.newBuilder()
                            .setIrVersion(8)
                            .setGraph(llama.graph)
                            .addOpsetImport(
                                    OperatorSetIdProto.newBuilder().setDomain("").setVersion(17))
                            .addOpsetImport(
                                    OperatorSetIdProto.newBuilder()
                                            .setDomain("com.microsoft")
                                            .setVersion(1))
                            .build();
            Files.write(folder.resolve("model.onnx"), model.toByteArray());
        }
        return folder;
    }

    private void model() throws IOException {
        graph.addInput(info("input_ids", INT64, 1, -1));
        graph.addInput(info("attention_mask", INT64, 1, -1));
        graph.addOutput(info("logits", real(), 1, -1, VOCABULARY));
        rotary();
        integers("axis1", 1);
        integers("one", 1);
        node("ReduceSum", "all", List.of("attention_mask", "axis1"), number("keepdims", 0));
        node("Sub", "last", List.of("all", "one"));
        node("Cast", "seqlens", List.of("last"), number("to", INT32));
        node("Shape", "mask_shape", List.of("attention_mask"));
        node("Gather", "length", List.of("mask_shape", "axis1"));
        node("Cast", "total", List.of("length"), number("to", INT32));
        weights("embedding", 1, VOCABULARY, WIDTH);
        node("Gather", "x0", List.of("embedding", "input_ids"));
        weights("ones", 0, WIDTH);
        String x = "x0";
        for (int layer = 0; layer < layers; layer++) {
            x = layer(layer, x);
        }
        normalized("final", x);
        weights("unembedding", 3, WIDTH, VOCABULARY);
        node("MatMul", "logits", List.of("final", "unembedding"));
    }

    private String layer(int layer, String x) throws IOException {
        String at = "." + layer;
        String n = normalized("attention_norm" + at, x);
        String q = product("q" + at, n, WIDTH, HEADS * DEPTH, 1.7);
        String k = product("k" + at, n, WIDTH, KEY_HEADS * DEPTH, 1.7);
        String v = product("v" + at, n, WIDTH, KEY_HEADS * DEPTH, 1);
        String past = "past_key_values" + at;
        String present = "present" + at;
        for (String part : List.of(".key", ".value")) {
            graph.addInput(info(past + part, real(), 1, KEY_HEADS, -1, DEPTH));
            graph.addOutput(info(present + part, real(), 1, KEY_HEADS, -1, DEPTH));
        }
        NodeProto.Builder attention =
                NodeProto.newBuilder()
                        .setName("attention" + at)
                        .setDomain("com.microsoft")
                        .setOpType("GroupQueryAttention")
                        .addAllInput(
                                List.of(
                                        q,
                                        k,
                                        v,
                                        past + ".key",
                                        past + ".value",
                                        "seqlens",
                                        "total",
                                        "cosines",
                                        "sines"))
                        .addAllOutput(List.of("context" + at, present + ".key", present + ".value"))
                        .addAttribute(number("num_heads", HEADS))
                        .addAttribute(number("kv_num_heads", KEY_HEADS))
                        .addAttribute(number("do_rotary", 1));
        graph.addNode(attention);
        String o = product("o" + at, "context" + at, HEADS * DEPTH, WIDTH, 1);
        String middle = node("Add", "middle" + at, List.of(x, o));
        String m = normalized("mlp_norm" + at, middle);
        String gate = product("gate" + at, m, WIDTH, INNER, 1);
        String up = product("up" + at, m, WIDTH, INNER, 1);
        String sigmoid = node("Sigmoid", "sigmoid" + at, List.of(gate));
        String silu = node("Mul", "silu" + at, List.of(gate, sigmoid));
        String inner = node("Mul", "inner" + at, List.of(silu, up));
        String down = product("down" + at, inner, INNER, WIDTH, 1);
        return node("Add", "x" + (layer + 1), List.of(middle, down));
    }

    private String normalized(String name, String x) {
        NodeProto.Builder norm =
                NodeProto.newBuilder()
                        .setName(name)
                        .setOpType("SimplifiedLayerNormalization")
                        .addInput(x)
                        .addInput("ones")
                        .addOutput(name)
                        .addAttribute(number("axis", -1))
                        .addAttribute(number("stash_type", 1))
                        .addAttribute(
                                AttributeProto.newBuilder()
                                        .setName("epsilon")
                                        .setF(1e-5f)
                                        .setType(1));
        graph.addNode(norm);
        return name;
    }

    private String product(String name, String x, int in, int out, double gain) throws IOException {
        weights("w." + name, gain, in, out);
        return node("MatMul", name, List.of(x, "w." + name));
    }

    private String node(
            String operator, String output, List<String> inputs, AttributeProto... attributes) {
        graph.addNode(
                NodeProto.newBuilder()
                        .setName(output)
                        .setOpType(operator)
                        .addAllInput(inputs)
                        .addOutput(output)
                        .addAllAttribute(List.of(attributes)));
        return output;
    }

    private static AttributeProto number(String name, long value) {
        return AttributeProto.newBuilder().setName(name).setI(value).setType(2).build();
    }

    private void integers(String name, long value) {
        graph.addInitializer(
                TensorProto.newBuilder()
                        .setName(name)
                        .setDataType(INT64)
                        .addDims(1)
                        .addInt64Data(value));
    }

    /** Angles of 10000^(-2 i / D) a position. */
    private void rotary() {
        ByteBuffer cosines = numbers(POSITIONS * DEPTH / 2);
        ByteBuffer sines = numbers(POSITIONS * DEPTH / 2);
        for (int position = 0; position < POSITIONS; position++) {
            for (int i = 0; i < DEPTH / 2; i++) {
                double angle = position * Math.pow(10_000, -2.0 * i / DEPTH);
                put(cosines, Math.cos(angle));
                put(sines, Math.sin(angle));
            }
        }
        table("cosines", cosines);
        table("sines", sines);
    }

    /** The type of its numbers. */
    private int real() {
        return halves ? HALF : FLOAT;
    }

    private int bytes() {
        return halves ? Short.BYTES : Float.BYTES;
    }

    private ByteBuffer numbers(int count) {
        return ByteBuffer.allocate(bytes() * count).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void put(ByteBuffer target, double value) {
        if (halves) {
            target.putShort(Float.floatToFloat16((float) value));
        } else {
            target.putFloat((float) value);
        }
    }

    private void table(String name, ByteBuffer values) {
        graph.addInitializer(
                TensorProto.newBuilder()
                        .setName(name)
                        .setDataType(real())
                        .addDims(POSITIONS)
                        .addDims(DEPTH / 2)
                        .setRawData(ByteString.copyFrom(values.flip())));
    }

    /**
     * Weights in the file of weights: uniform, such that a row of variance 1 gives one of variance
     * gain squared; all 1 for gain 0.
     */
    private void weights(String name, double gain, int... dims) throws IOException {
        int count = 1;
        for (int dim : dims) {
            count *= dim;
        }
        double bound = dims.length < 2 ? 0 : gain * Math.sqrt(3.0 / dims[0]);
        for (int done = 0; done < count; done += CHUNK) {
            ByteBuffer bytes = numbers(Math.min(CHUNK, count - done));
            while (bytes.hasRemaining()) {
                put(bytes, gain == 0 ? 1 : bound * (2 * random.nextDouble() - 1));
            }
            byte[] raw = new byte[bytes.flip().remaining()];
            bytes.get(raw);
            data.write(raw);
        }
        TensorProto.Builder tensor =
                TensorProto.newBuilder()
                        .setName(name)
                        .setDataType(real())
                        .setDataLocation(EXTERNAL)
                        .addExternalData(entry("location", "weights.bin"))
                        .addExternalData(entry("offset", String.valueOf(written)))
                        .addExternalData(entry("length", String.valueOf((long) bytes() * count)));
        for (int dim : dims) {
            tensor.addDims(dim);
        }
        graph.addInitializer(tensor);
        written += (long) bytes() * count;
    }

    private static StringStringEntryProto entry(String key, String value) {
        return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
    }

    private static ValueInfoProto info(String name, int type, long... dims) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        for (long dim : dims) {
            TensorShapeProto.Dimension.Builder one = TensorShapeProto.Dimension.newBuilder();
            if (dim < 0) {
                one.setDimParam(
                        name.startsWith("past")
                                ? "past"
                                : name.startsWith("present") ? "all" : "n");
            } else {
                one.setDimValue(dim);
            }
            shape.addDim(one);
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
}
