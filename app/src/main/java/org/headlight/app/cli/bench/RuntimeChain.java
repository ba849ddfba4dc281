package org.headlight.app.cli.bench;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;

import org.headlight.engine.onnx.proto.Onnx.AttributeProto;
import org.headlight.engine.onnx.proto.Onnx.GraphProto;
import org.headlight.engine.onnx.proto.Onnx.ModelProto;
import org.headlight.engine.onnx.proto.Onnx.NodeProto;
import org.headlight.engine.onnx.proto.Onnx.OperatorSetIdProto;
import org.headlight.engine.onnx.proto.Onnx.TensorProto;
import org.headlight.engine.onnx.proto.Onnx.TypeProto;
import org.headlight.engine.onnx.proto.Onnx.ValueInfoProto;

import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The runtime's own causal attention on a device: GroupQueryAttention nodes in a chain, each taking
 * the output of the one before as queries, over random numbers made in the graph; one row of the
 * last output is fetched. Two chains of different lengths, taken in turns, differ by nodes alone.
 */
public final class RuntimeChain {
    private static final int FLOAT = 1;
    private static final int INT32 = 6;
    private static final int INT64 = 7;
    private static final int HALF = 10;

    private final Shape shape;

    /**
     * What is computed.
     *
     * @param halves in halves; in floats otherwise
     */
    public record Shape(int tokens, int heads, int keyHeads, int width, boolean halves) {}

    public RuntimeChain(Shape shape) {
        this.shape = shape;
    }

    /**
     * Milliseconds of one node: the median of some pairs of runs.
     *
     * @param options with the provider that is to run it
     * @param more by how many nodes the chains differ
     * @throws OrtException when the runtime cannot do it
     */
    public double millis(OrtSession.SessionOptions options, int more, int rounds)
            throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession one = environment.createSession(model(1), options);
                OrtSession many = environment.createSession(model(1 + more), options)) {
            run(environment, one);
            run(environment, many);
            List<Double> times = new ArrayList<>();
            for (int i = 0; i < rounds; i++) {
                double shorter = run(environment, one);
                times.add((run(environment, many) - shorter) / more);
            }
            Collections.sort(times);
            return times.get(rounds / 2);
        }
    }

    private double run(OrtEnvironment environment, OrtSession session) throws OrtException {
        IntBuffer last = IntBuffer.wrap(new int[] {shape.tokens - 1});
        IntBuffer total = IntBuffer.wrap(new int[] {shape.tokens});
        Map<String, OnnxTensor> inputs = new HashMap<>();
        try (OnnxTensor lengths = OnnxTensor.createTensor(environment, last, new long[] {1});
                OnnxTensor all = OnnxTensor.createTensor(environment, total, new long[] {1})) {
            inputs.put("seqlens", lengths);
            inputs.put("total", all);
            long start = System.nanoTime();
            session.run(inputs).close();
            return (System.nanoTime() - start) / 1e6;
        }
    }

    private byte[] model(int nodes) {
        int type = shape.halves ? HALF : FLOAT;
        GraphProto.Builder graph = GraphProto.newBuilder().setName("chain");
        graph.addInput(info("seqlens", INT32)).addInput(info("total", INT32));
        graph.addNode(random("q0", type, 1, shape.heads));
        graph.addNode(random("k", type, 2, shape.keyHeads));
        graph.addNode(random("v", type, 3, shape.keyHeads));
        for (int i = 0; i < nodes; i++) {
            graph.addNode(
                    NodeProto.newBuilder()
                            .setName("attention" + i)
                            .setDomain("com.microsoft")
                            .setOpType("GroupQueryAttention")
                            .addAllInput(List.of("q" + i, "k", "v", "", "", "seqlens", "total"))
                            .addAllOutput(List.of("q" + (i + 1), "pk" + i, "pv" + i))
                            .addAttribute(number("num_heads", shape.heads))
                            .addAttribute(number("kv_num_heads", shape.keyHeads)));
        }
        graph.addInitializer(index());
        graph.addNode(
                NodeProto.newBuilder()
                        .setName("row")
                        .setOpType("Gather")
                        .addInput("q" + nodes)
                        .addInput("index")
                        .addOutput("row")
                        .addAttribute(number("axis", 1)));
        return ModelProto.newBuilder()
                .setIrVersion(8)
                .setGraph(graph.addOutput(info("row", type)))
                .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(17))
                .addOpsetImport(
                        OperatorSetIdProto.newBuilder().setDomain("com.microsoft").setVersion(1))
                .build()
                .toByteArray();
    }

    private NodeProto random(String name, int type, float seed, int heads) {
        return NodeProto.newBuilder()
                .setName("make_" + name)
                .setOpType("RandomNormal")
                .addOutput(name)
                .addAttribute(number("dtype", type))
                .addAttribute(
                        AttributeProto.newBuilder()
                                .setName("shape")
                                .setType(7)
                                .addInts(1)
                                .addInts(shape.tokens)
                                .addInts((long) heads * shape.width))
                .addAttribute(AttributeProto.newBuilder().setName("seed").setType(1).setF(seed))
                .build();
    }

    private static TensorProto index() {
        return TensorProto.newBuilder()
                .setName("index")
                .setDataType(INT64)
                .addDims(1)
                .addInt64Data(0)
                .build();
    }

    private static AttributeProto number(String name, long value) {
        return AttributeProto.newBuilder().setName(name).setI(value).setType(2).build();
    }

    private static ValueInfoProto info(String name, int type) {
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(
                        TypeProto.newBuilder()
                                .setTensorType(TypeProto.Tensor.newBuilder().setElemType(type)))
                .build();
    }
}
