package org.headlight.engine.device;

import com.google.protobuf.ByteString;

import org.headlight.engine.onnx.ElementType;
import org.headlight.engine.onnx.proto.Onnx.GraphProto;
import org.headlight.engine.onnx.proto.Onnx.ModelProto;
import org.headlight.engine.onnx.proto.Onnx.NodeProto;
import org.headlight.engine.onnx.proto.Onnx.OperatorSetIdProto;
import org.headlight.engine.onnx.proto.Onnx.TensorProto;
import org.headlight.engine.onnx.proto.Onnx.TensorShapeProto;
import org.headlight.engine.onnx.proto.Onnx.TypeProto;
import org.headlight.engine.onnx.proto.Onnx.ValueInfoProto;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/** The graph that a device is tried with: Y = softmax(X W), of small matrices. */
final class TrialGraph {
    /** Rows and columns. */
    static final int SIZE = 16;

    static final String IN = "x";
    private static final int IR = 8;
    private static final int OPSET = 13;

    private TrialGraph() {}

    /** Serialised. */
    static byte[] bytes() {
        GraphProto graph =
                GraphProto.newBuilder()
                        .setName("trial")
                        .addInput(value(IN))
                        .addInitializer(weights())
                        .addNode(
                                NodeProto.newBuilder()
                                        .setOpType("MatMul")
                                        .setName("product")
                                        .addInput(IN)
                                        .addInput("w")
                                        .addOutput("s"))
                        .addNode(
                                NodeProto.newBuilder()
                                        .setOpType("Softmax")
                                        .setName("softmax")
                                        .addInput("s")
                                        .addOutput("y"))
                        .addOutput(value("y"))
                        .build();
        return ModelProto.newBuilder()
                .setIrVersion(IR)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPSET))
                .setGraph(graph)
                .build()
                .toByteArray();
    }

    private static ValueInfoProto value(String name) {
        TensorShapeProto.Dimension side =
                TensorShapeProto.Dimension.newBuilder().setDimValue(SIZE).build();
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(
                        TypeProto.newBuilder()
                                .setTensorType(
                                        TypeProto.Tensor.newBuilder()
                                                .setElemType(ElementType.FLOAT.number())
                                                .setShape(
                                                        TensorShapeProto.newBuilder()
                                                                .addDim(side)
                                                                .addDim(side))))
                .build();
    }

    private static TensorProto weights() {
        ByteBuffer raw =
                ByteBuffer.allocate(SIZE * SIZE * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < SIZE * SIZE; i++) {
            raw.putFloat(weight(i));
        }
        return TensorProto.newBuilder()
                .setName("w")
                .setDataType(ElementType.FLOAT.number())
                .addDims(SIZE)
                .addDims(SIZE)
                .setRawData(ByteString.copyFrom(raw.flip()))
                .build();
    }

    private static float weight(int i) {
        return (i * 37 % 101 - 50) / 64f;
    }

    /** X, row by row. */
    static float[] input() {
        float[] values = new float[SIZE * SIZE];
        for (int i = 0; i < values.length; i++) {
            values[i] = (i * 53 % 97 - 48) / 64f;
        }
        return values;
    }

    /** The largest difference of a given Y to the true one. */
    static double difference(FloatBuffer given) {
        float[] x = input();
        double largest = 0;
        for (int row = 0; row < SIZE; row++) {
            double[] exp = new double[SIZE];
            double sum = 0;
            for (int col = 0; col < SIZE; col++) {
                double score = 0;
                for (int i = 0; i < SIZE; i++) {
                    score += (double) x[row * SIZE + i] * weight(i * SIZE + col);
                }
                exp[col] = Math.exp(score);
                sum += exp[col];
            }
            for (int col = 0; col < SIZE; col++) {
                double off = Math.abs(given.get(row * SIZE + col) - exp[col] / sum);
                largest = Double.isNaN(off) ? Double.POSITIVE_INFINITY : Math.max(largest, off);
            }
        }
        return largest;
    }
}
