package org.headlight.engine.model;

import org.headlight.engine.attention.GraphMaker;
import org.headlight.engine.onnx.proto.Onnx.TensorProto;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A model of one fused operator, whose flat tensors are looked up by token: a test knows every
 * number that goes into the operator.
 */
final class FusedGraph {
    static final String MICROSOFT = "com.microsoft";
    static final int VOCABULARY = 50;

    /** The result of the operator. */
    static final String RESULT = "out";

    private final GraphMaker g;

    FusedGraph(long opset) {
        this("n", opset);
    }

    /**
     * @param length of the text; a name where it is free
     */
    FusedGraph(Object length, long opset) {
        g = new GraphMaker(opset).withDomain(MICROSOFT);
        g.input("input_ids", GraphMaker.INT64, "batch", length);
    }

    FusedGraph() {
        this(17);
    }

    GraphMaker maker() {
        return g;
    }

    /** A tensor [1, N, width] with a row of random numbers for each token. */
    String flat(String name, int width) {
        g.matrix(name + "_table", 1, VOCABULARY, width);
        return g.node("Gather", name, List.of(name + "_table", "input_ids"), "axis", 0);
    }

    /** Inputs for a cache, and the names of its outputs. */
    List<String> cache(int heads, int width) {
        return cache(GraphMaker.FLOAT, heads, width);
    }

    List<String> cache(int type, int heads, int width) {
        for (String part : List.of("key", "value")) {
            g.input("past_key_values.0." + part, type, "batch", heads, "past", width);
        }
        return List.of("past_key_values.0.key", "past_key_values.0.value");
    }

    /** A random number for each distance, looked up as [1, heads, N, total] where past is none. */
    String bias(String name, int heads) {
        g.integers("ax0", 0);
        g.integers("ax1", 1);
        g.constant("zero", scalar(0));
        g.constant("one", scalar(1));
        g.node("Shape", "ids_shape", List.of("input_ids"));
        g.node("Gather", "length", List.of("ids_shape", "one"), "axis", 0);
        g.node("Range", "range", List.of("zero", "length", "one"));
        g.node("Unsqueeze", "columns", List.of("range", "ax0"));
        g.node("Unsqueeze", "rows", List.of("range", "ax1"));
        g.node("Sub", "distance", List.of("columns", "rows"));
        g.node("Cast", "distance_f", List.of("distance"), "to", GraphMaker.FLOAT);
        g.matrix(name + "_slopes", 0.2, 1, heads, 1, 1);
        return g.node("Mul", name, List.of("distance_f", name + "_slopes"));
    }

    static TensorProto scalar(long value) {
        return TensorProto.newBuilder().setDataType(GraphMaker.INT64).addInt64Data(value).build();
    }

    /** The rows of a looked-up tensor for these tokens. */
    double[][] rows(String name, int[] ids) {
        double[][] table = table(name + "_table");
        return Arrays.stream(ids).mapToObj(id -> table[id]).toArray(double[][]::new);
    }

    /** A learned matrix, or one row of it where it has one axis. */
    double[][] table(String name) {
        TensorProto found = initializer(name);
        ByteBuffer raw = found.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        int width = (int) found.getDims(found.getDimsCount() - 1);
        double[][] rows = new double[raw.remaining() / 4 / width][width];
        for (double[] row : rows) {
            for (int i = 0; i < width; i++) {
                row[i] = raw.getFloat();
            }
        }
        return rows;
    }

    /** The rows of a table of bytes for these tokens. */
    double[][] byteRows(String name, int[] ids) {
        double[][] table = byteTable(name);
        return Arrays.stream(ids).mapToObj(id -> table[id]).toArray(double[][]::new);
    }

    /** A table of bytes, with or without a sign as its type says. */
    double[][] byteTable(String name) {
        TensorProto found = initializer(name);
        int width = (int) found.getDims(found.getDimsCount() - 1);
        double[][] rows = new double[found.getRawData().size() / width][width];
        for (int i = 0; i < found.getRawData().size(); i++) {
            byte each = found.getRawData().byteAt(i);
            boolean signed = found.getDataType() == GraphMaker.INT8;
            rows[i / width][i % width] = signed ? each : Byte.toUnsignedInt(each);
        }
        return rows;
    }

    private TensorProto initializer(String name) {
        return g.graph().getInitializerList().stream()
                .filter(t -> t.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Columns of a head out of flat rows. */
    static double[][] head(double[][] rows, int from, int width) {
        return Arrays.stream(rows)
                .map(row -> Arrays.copyOfRange(row, from, from + width))
                .toArray(double[][]::new);
    }

    /** Rotary embedding of rows that start at a position; angles from two tables. */
    static double[][] rotated(
            double[][] rows, double[][] cos, double[][] sin, boolean interleaved) {
        int half = cos[0].length;
        List<double[]> out = new ArrayList<>();
        for (int r = 0; r < rows.length; r++) {
            double[] x = rows[r];
            double[] y = x.clone();
            for (int i = 0; i < half; i++) {
                int a = interleaved ? 2 * i : i;
                int b = interleaved ? 2 * i + 1 : i + half;
                y[a] = x[a] * cos[r][i] - x[b] * sin[r][i];
                y[b] = x[a] * sin[r][i] + x[b] * cos[r][i];
            }
            out.add(y);
        }
        return out.toArray(double[][]::new);
    }

    Path write(Path folder) {
        return write(folder, GraphMaker.FLOAT);
    }

    Path write(Path folder, int type) {
        g.output(RESULT, type, "b", "n", "w");
        return g.write(folder.resolve("made.onnx"));
    }
}
