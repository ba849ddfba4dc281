package org.headlight.app.cli.bench;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;

import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.attend.HeadArray;
import org.headlight.engine.onnx.proto.Onnx.AttributeProto;
import org.headlight.engine.onnx.proto.Onnx.GraphProto;
import org.headlight.engine.onnx.proto.Onnx.ModelProto;
import org.headlight.engine.onnx.proto.Onnx.NodeProto;
import org.headlight.engine.onnx.proto.Onnx.OperatorSetIdProto;
import org.headlight.engine.onnx.proto.Onnx.TypeProto;
import org.headlight.engine.onnx.proto.Onnx.ValueInfoProto;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The runtime's fastest causal attention on the CPU: a model of one GroupQueryAttention node, which
 * takes its flash path (no soft cap, sinks or mask; with outputs for the cache). Threads do not
 * spin, so that its processor time is work. Inputs and outputs are bound once: a run allocates and
 * copies nothing here.
 */
final class RuntimeAttention implements AutoCloseable {
    private static final int FLOAT = 1;
    private static final int INT32 = 6;

    private final OrtSession session;
    private final Map<String, OnnxTensor> inputs = new HashMap<>();
    private final Map<String, OnnxTensor> outputs = new HashMap<>();
    private final FloatBuffer output;
    private final int[] shape;

    /**
     * Makes the session.
     *
     * @param input the same queries, keys and values, as many key heads as heads; copied
     */
    RuntimeAttention(AttentionInput input, int threads) throws OrtException {
        int tokens = input.q().rows();
        int heads = input.q().heads();
        int depth = input.q().width();
        shape = new int[] {tokens, heads, depth};
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(threads);
            options.addConfigEntry("session.intra_op.allow_spinning", "0");
            session = environment.createSession(model(heads), options);
        }
        long[] flat = {1, tokens, (long) heads * depth};
        long[] none = {1, heads, 0, depth};
        long[] cache = {1, heads, tokens, depth};
        inputs.put("q", OnnxTensor.createTensor(environment, direct(input.q()), flat));
        inputs.put("k", OnnxTensor.createTensor(environment, direct(input.k()), flat));
        inputs.put("v", OnnxTensor.createTensor(environment, direct(input.v()), flat));
        inputs.put("past_k", OnnxTensor.createTensor(environment, FloatBuffer.allocate(0), none));
        inputs.put("past_v", OnnxTensor.createTensor(environment, FloatBuffer.allocate(0), none));
        IntBuffer last = IntBuffer.wrap(new int[] {tokens - 1});
        IntBuffer total = IntBuffer.wrap(new int[] {tokens});
        inputs.put("seqlens", OnnxTensor.createTensor(environment, last, new long[] {1}));
        inputs.put("total", OnnxTensor.createTensor(environment, total, new long[] {1}));
        output = direct(tokens * heads * depth);
        outputs.put("out", OnnxTensor.createTensor(environment, output, flat));
        FloatBuffer keys = direct(tokens * heads * depth);
        FloatBuffer values = direct(tokens * heads * depth);
        outputs.put("present_k", OnnxTensor.createTensor(environment, keys, cache));
        outputs.put("present_v", OnnxTensor.createTensor(environment, values, cache));
    }

    private static FloatBuffer direct(int size) {
        return ByteBuffer.allocateDirect(4 * size).order(ByteOrder.nativeOrder()).asFloatBuffer();
    }

    /** Tokens one after the other, as the operator wants them. */
    private static FloatBuffer direct(HeadArray array) {
        FloatBuffer buffer = direct(array.heads() * array.rows() * array.width());
        for (int row = 0; row < array.rows(); row++) {
            for (int head = 0; head < array.heads(); head++) {
                buffer.put(array.values(), array.at(head, row), array.width());
            }
        }
        return buffer.flip();
    }

    private static byte[] model(int heads) {
        GraphProto.Builder graph = GraphProto.newBuilder().setName("attention");
        List<String> inputs = List.of("q", "k", "v", "past_k", "past_v", "seqlens", "total");
        List<String> outputs = List.of("out", "present_k", "present_v");
        for (String name : inputs) {
            graph.addInput(info(name, inputs.indexOf(name) < 5 ? FLOAT : INT32));
        }
        for (String name : outputs) {
            graph.addOutput(info(name, FLOAT));
        }
        NodeProto.Builder node =
                NodeProto.newBuilder()
                        .setName("attention")
                        .setDomain("com.microsoft")
                        .setOpType("GroupQueryAttention")
                        .addAllInput(inputs)
                        .addAllOutput(outputs);
        for (String name : List.of("num_heads", "kv_num_heads")) {
            node.addAttribute(
                    AttributeProto.newBuilder().setName(name).setI(heads).setType(2).build());
        }
        return ModelProto.newBuilder()
                .setIrVersion(8)
                .setGraph(graph.addNode(node))
                .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(17))
                .addOpsetImport(
                        OperatorSetIdProto.newBuilder().setDomain("com.microsoft").setVersion(1))
                .build()
                .toByteArray();
    }

    /** An input or output whose shape the runtime finds out. */
    private static ValueInfoProto info(String name, int type) {
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(
                        TypeProto.newBuilder()
                                .setTensorType(TypeProto.Tensor.newBuilder().setElemType(type)))
                .build();
    }

    /** Computes. */
    void run() throws OrtException {
        session.run(inputs, outputs).close();
    }

    /** One number of the output. */
    float output(int head, int token, int channel) {
        return output.get((token * shape[1] + head) * shape[2] + channel);
    }

    @Override
    public void close() throws OrtException {
        inputs.values().forEach(OnnxTensor::close);
        outputs.values().forEach(OnnxTensor::close);
        session.close();
    }
}
