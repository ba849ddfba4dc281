package org.headlight.engine.model;

import org.headlight.engine.attention.GraphMaker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** GroupQueryAttention of com.microsoft, with each of its features. */
class GroupQueryTest {
    private static final int HEADS = 4;
    private static final int KV = 2;
    private static final int D = 32;
    private static final int ROWS = 512;

    @TempDir private Path folder;

    private final FusedGraph graph = new FusedGraph();
    private final GraphMaker g = graph.maker();
    private final List<Object> attributes = new ArrayList<>();
    private boolean packed;
    private boolean cached = true;
    private boolean interleaved;
    private String cos = "";
    private String positions = "";
    private String bias = "";
    private String sinks = "";
    private int firstPosition;
    private int window = Integer.MAX_VALUE;
    private double softcap;
    private double scale = 1 / Math.sqrt(D);
    private boolean smooth;
    private int type = GraphMaker.FLOAT;

    private GroupQueryTest with(String name, Object value) {
        attributes.add(name);
        attributes.add(value);
        return this;
    }

    /** Tables of angles as random directions: what is rotated keeps its length. */
    private void rotary(int half, boolean pairs) {
        g.matrix("angles", 2, ROWS, half);
        g.node("Cos", "cos_made", List.of("angles"));
        g.node("Sin", "sin_made", List.of("angles"));
        interleaved = pairs;
        cos = "cos_made";
        with("do_rotary", 1).with("rotary_interleaved", pairs ? 1 : 0);
    }

    private FusedProof proof() {
        List<String> in = new ArrayList<>();
        if (packed) {
            in.addAll(List.of(flat("qkv", (HEADS + 2 * KV) * D), "", ""));
        } else {
            in.add(flat("q", HEADS * D));
            in.add(flat("k", KV * D));
            in.add(flat("v", KV * D));
        }
        in.addAll(cached ? graph.cache(type, KV, D) : List.of("", ""));
        in.add(g.input("seqlens_k", GraphMaker.INT32, "batch"));
        in.add(g.input("total_sequence_length", GraphMaker.INT32));
        in.addAll(List.of(cos, cos.replace("cos", "sin"), positions, bias, sinks));
        while (in.getLast().isEmpty()) {
            in.removeLast();
        }
        with("num_heads", HEADS).with("kv_num_heads", KV);
        List<String> out = List.of(FusedGraph.RESULT, "present.0.key", "present.0.value");
        g.nodeOf(FusedGraph.MICROSOFT, "GroupQueryAttention", out, in, attributes.toArray());
        g.output("present.0.key", type, "b", KV, "t", D);
        g.output("present.0.value", type, "b", KV, "t", D);
        Path file = graph.write(folder, type);
        return new FusedProof(file, "GroupQueryAttention", this::truth);
    }

    private String flat(String name, int width) {
        String floats = graph.flat(name, width);
        return type == GraphMaker.FLOAT
                ? floats
                : g.node("Cast", name + "_cast", List.of(floats), "to", type);
    }

    private List<NaiveAttention> truth(int[] ids) {
        double[][] all = packed ? graph.rows("qkv", ids) : new double[0][];
        double[][] q = packed ? all : graph.rows("q", ids);
        double[][] k = packed ? FusedGraph.head(all, HEADS * D, KV * D) : graph.rows("k", ids);
        double[][] v =
                packed ? FusedGraph.head(all, (HEADS + KV) * D, KV * D) : graph.rows("v", ids);
        Function<double[][], double[][]> turned = rows -> rows;
        if (!cos.isEmpty()) {
            double[][] angles = graph.table("angles");
            turned =
                    rows ->
                            FusedGraph.rotated(
                                    rows, table(angles, true), table(angles, false), interleaved);
        }
        List<NaiveAttention> heads = new ArrayList<>();
        for (int h = 0; h < HEADS; h++) {
            int shared = h / (HEADS / KV) * D;
            int head = h;
            double slope = bias.isEmpty() ? 0 : graph.table("slopes_slopes")[h][0];
            double sink = smooth ? 0 : Double.NEGATIVE_INFINITY;
            heads.add(
                    new NaiveAttention(
                            turned.apply(FusedGraph.head(q, h * D, D)),
                            turned.apply(FusedGraph.head(k, shared, D)),
                            FusedGraph.head(v, shared, D),
                            scale,
                            softcap,
                            sinks.isEmpty() ? sink : graph.table(sinks)[0][head],
                            (row, key) ->
                                    key > row || key <= row - window
                                            ? Double.NEGATIVE_INFINITY
                                            : (float) (key - row) * slope));
        }
        return heads;
    }

    /** Cosines or sines of the positions of a text. */
    private double[][] table(double[][] angles, boolean cosines) {
        double[][] table = new double[ROWS - firstPosition][angles[0].length];
        for (int r = 0; r < table.length; r++) {
            for (int i = 0; i < table[r].length; i++) {
                double angle = (float) angles[r + firstPosition][i];
                table[r][i] = cosines ? Math.cos(angle) : Math.sin(angle);
            }
        }
        return table;
    }

    @Test
    void separateQueriesKeysAndValues() {
        proof().whole(1, 2, 9, 65);
    }

    @Test
    void separateQueriesKeysAndValuesInChunks() {
        proof().chunked(1, 16, 17, 65);
    }

    @Test
    void packedQueriesKeysAndValues() {
        packed = true;
        proof().whole(1, 9, 65);
    }

    @Test
    void aGivenScale() {
        scale = 0.11f;
        with("scale", 0.11f);
        proof().whole(9, 65);
    }

    @Test
    void rotaryEmbeddingInside() {
        rotary(D / 2, false);
        proof().chunked(1, 9, 65);
    }

    @Test
    void rotaryEmbeddingOfPackedTensors() {
        packed = true;
        rotary(D / 2, false);
        proof().chunked(9, 65);
    }

    @Test
    void interleavedRotaryEmbedding() {
        rotary(D / 2, true);
        proof().chunked(9, 65);
    }

    @Test
    void positionsGivenToTheRotaryEmbedding() {
        rotary(D / 2, false);
        g.input("position_ids", GraphMaker.INT64, "batch", "n");
        g.constant("three", FusedGraph.scalar(3));
        positions = g.node("Add", "places", List.of("position_ids", "three"));
        firstPosition = 3;
        proof().chunked(9, 65);
    }

    /** Without a past, the runtime takes the first position alone and counts on from it. */
    @Test
    void positionsThatAreNoneAfterTheOther() {
        rotary(D / 2, false);
        g.input("position_ids", GraphMaker.INT64, "batch", "n");
        g.constant("three", FusedGraph.scalar(3));
        positions = g.node("Mul", "places", List.of("position_ids", "three"));
        proof().whole(9, 65);
    }

    @Test
    void aLocalWindow() {
        window = 5;
        with("local_window_size", 5);
        proof().chunked(4, 5, 6, 65);
    }

    @Test
    void aSoftCap() {
        softcap = 1.5f;
        with("softcap", 1.5f);
        proof().chunked(9, 65);
    }

    @Test
    void aSmoothSoftmaxIsASinkOfZero() {
        smooth = true;
        with("smooth_softmax", 1);
        proof().chunked(9, 65);
    }

    @Test
    void aSinkForEachHead() {
        sinks = g.matrix("sinks", 2, HEADS);
        proof().chunked(9, 65);
    }

    @Test
    void aBiasOfScores() {
        bias = graph.bias("slopes", HEADS);
        proof().whole(1, 9, 65);
    }

    @Test
    void everythingTogether() {
        packed = true;
        rotary(D / 2, true);
        sinks = g.matrix("sinks", 2, HEADS);
        bias = graph.bias("slopes", HEADS);
        softcap = 1.5f;
        window = 7;
        scale = 0.4f;
        with("softcap", 1.5f).with("local_window_size", 7).with("scale", 0.4f);
        proof().whole(1, 9, 65);
    }

    @Test
    void rotaryEmbeddingOfAPartOfEachHead() {
        packed = true;
        rotary(D / 4, false);
        proof().chunked(9, 65);
    }

    @Test
    void halfPrecision() {
        type = GraphMaker.FLOAT16;
        packed = true;
        window = 7;
        with("local_window_size", 7);
        rotary(D / 2, false);
        for (String part : List.of("cos", "sin")) {
            g.node("Cast", part + "_half", List.of(part + "_made"), "to", type);
        }
        cos = "cos_half";
        proof().within(2e-2).chunked(9, 65);
    }

    @Test
    void noPast() {
        cached = false;
        rotary(D / 2, false);
        proof().whole(1, 9, 65);
    }
}
