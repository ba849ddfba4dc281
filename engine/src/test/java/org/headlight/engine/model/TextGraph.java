package org.headlight.engine.model;

import org.headlight.engine.attention.GraphMaker;
import org.headlight.engine.onnx.proto.Onnx.TensorProto;

import java.nio.file.Path;
import java.util.List;

/** A small model that reads tokens, with attention sites whose scores a test makes. */
final class TextGraph {
    static final int VOCABULARY = 50;
    static final int HEADS = 2;
    private static final int DEPTH = 8;
    private static final int WIDTH = HEADS * DEPTH;

    private final GraphMaker g;

    private TextGraph(GraphMaker g) {
        this.g = g;
        g.matrix("emb", 0.8, VOCABULARY, WIDTH);
        g.number("c", 0.35);
        g.integers("ax0", 0);
        g.integers("ax1", 1);
        g.constant("i0", scalar(0));
        g.constant("i1", scalar(1));
    }

    /** Starts with the embeddings of tokens, in the tensor {@code x}. */
    static TextGraph text(long opset, Object length) {
        TextGraph graph = new TextGraph(new GraphMaker(opset));
        graph.g.input("input_ids", GraphMaker.INT64, "batch", length);
        graph.g.node("Gather", "x", List.of("emb", "input_ids"), "axis", 0);
        return graph;
    }

    static TextGraph text() {
        return text(17, "n");
    }

    /** Starts with an input {@code x} that tokens cannot give. */
    static TextGraph states() {
        TextGraph graph = new TextGraph(new GraphMaker(17));
        graph.g.input("x", GraphMaker.FLOAT, 1, "frames", WIDTH);
        return graph;
    }

    GraphMaker maker() {
        return g;
    }

    private static TensorProto scalar(long value) {
        return TensorProto.newBuilder().setDataType(GraphMaker.INT64).addInt64Data(value).build();
    }

    /** Queries, keys and values of a site, split into heads: q1, k1, v1 [1, H, N, D]. */
    void heads(int site, String from) {
        for (String part : List.of("q", "k", "v")) {
            String name = part + site;
            g.matrix("w_" + name, 0.8, WIDTH, WIDTH);
            g.matMul(name + "_flat", from, "w_" + name);
            g.reshape(name + "_split", name + "_flat", 0, -1, HEADS, DEPTH);
            g.transpose(name, name + "_split", 0, 2, 1, 3);
        }
    }

    /** Scores of a site, scaled: s1 [1, H, N, M]. */
    String scores(int site, String query, String key) {
        g.transpose("kt" + site, key, 0, 1, 3, 2);
        g.matMul("raw" + site, query, "kt" + site);
        return g.node("Mul", "s" + site, List.of("raw" + site, "c"));
    }

    /** Heads and scores of a site. */
    String scores(int site, String from) {
        heads(site, from);
        return scores(site, "q" + site, "k" + site);
    }

    /** The rest of a site, from its scores to its output: softmax /p1. */
    String attended(int site, String scores, String value, int axis) {
        g.node("Softmax", "p" + site, List.of(scores), "axis", axis);
        g.matMul("seen" + site, "p" + site, value);
        g.transpose("joined" + site, "seen" + site, 0, 2, 1, 3);
        return g.reshape("out" + site, "joined" + site, 0, -1, WIDTH);
    }

    String attended(int site, String scores) {
        return attended(site, scores, "v" + site, -1);
    }

    /** Positions of keys and queries as tensors: columns [1, N], rows [N, 1]. */
    void positions() {
        g.node("Shape", "shape", List.of("x"));
        g.node("Gather", "n", List.of("shape", "i1"), "axis", 0);
        g.node("Range", "range", List.of("i0", "n", "i1"));
        g.node("Unsqueeze", "columns", List.of("range", "ax0"));
        g.node("Unsqueeze", "rows", List.of("range", "ax1"));
    }

    /** Adds {@code fill} to scores where the comparison of columns with rows does not hold. */
    String masked(String comparison, String scores, double fill) {
        g.node(comparison, "sees", List.of("columns", "rows"));
        g.number("zero", 0);
        g.number("fill", fill);
        g.node("Where", "mask", List.of("sees", "zero", "fill"));
        return g.node("Add", "masked", List.of(scores, "mask"));
    }

    Path write(Path folder, String output) {
        g.output(output, GraphMaker.FLOAT, "b", "n", WIDTH);
        return g.write(folder.resolve("made.onnx"));
    }

    /**
     * A model of one site with a KV cache.
     *
     * @param countsPast whether positions go on from the past, as they should
     * @param slopesCountPast whether the distances that are added to the scores do
     */
    static Path cached(Path folder, boolean countsPast, boolean slopesCountPast) {
        TextGraph graph = text();
        GraphMaker g = graph.g;
        for (String part : List.of("key", "value")) {
            g.input("past_key_values.0." + part, GraphMaker.FLOAT, "batch", HEADS, "past", DEPTH);
        }
        g.node("Shape", "past_shape", List.of("past_key_values.0.key"));
        g.node("Gather", "past", List.of("past_shape", g.constant("i2", scalar(2))), "axis", 0);
        g.node("Shape", "shape", List.of("x"));
        g.node("Gather", "n", List.of("shape", "i1"), "axis", 0);
        g.node("Add", "all", List.of("past", "n"));
        g.node("Range", "queries", List.of("past", "all", "i1"));
        g.node("Range", "keys", List.of("i0", "all", "i1"));
        g.node("Range", "own", List.of("i0", "n", "i1"));
        g.matrix("places", 0.8, 1000, WIDTH);
        g.node("Gather", "place", List.of("places", countsPast ? "queries" : "own"), "axis", 0);
        g.node("Add", "placed", List.of("x", "place"));
        graph.heads(1, "placed");
        g.node("Concat", "present.0.key", List.of("past_key_values.0.key", "k1"), "axis", 2);
        g.node("Concat", "present.0.value", List.of("past_key_values.0.value", "v1"), "axis", 2);
        graph.scores(1, "q1", "present.0.key");
        g.node("Unsqueeze", "from", List.of(slopesCountPast ? "queries" : "own", "ax1"));
        g.node("Sub", "distance", List.of("from", "keys"));
        g.node("Abs", "length", List.of("distance"));
        g.node("Cast", "length_f", List.of("length"), "to", GraphMaker.FLOAT);
        g.node("Mul", "slope", List.of("length_f", "c"));
        g.node("Sub", "minus", List.of(g.number("none", 0), "slope"));
        g.node("Add", "sloped", List.of("s1", "minus"));
        g.node("Unsqueeze", "columns", List.of("keys", "ax0"));
        g.node("Unsqueeze", "rows", List.of("queries", "ax1"));
        graph.masked("LessOrEqual", "sloped", -1e9);
        graph.attended(1, "masked", "present.0.value", -1);
        for (String part : List.of("key", "value")) {
            g.output("present.0." + part, GraphMaker.FLOAT, "b", HEADS, "t", DEPTH);
        }
        return graph.write(folder, "out1");
    }
}
