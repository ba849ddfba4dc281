package org.headlight.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.headlight.engine.attention.AttentionFinder;
import org.headlight.engine.attention.AttentionFindings;
import org.headlight.engine.attention.GraphMaker;
import org.headlight.engine.problem.BadInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Attention and QAttention of com.microsoft, with each of their features. */
class PackedWeightsTest {
    private static final int HEADS = 2;
    private static final int D = 8;
    private static final int WIDTH = 24;
    private static final int HIDDEN_KEY = 3;

    @TempDir private Path folder;

    private final FusedGraph graph = new FusedGraph();
    private final GraphMaker g = graph.maker();
    private final List<Object> attributes = new ArrayList<>(List.of("num_heads", HEADS));
    private final int[] widths = {HEADS * D, HEADS * D, HEADS * D};
    private boolean causal;
    private boolean cached;
    private boolean quantized;
    private boolean byColumn;
    private String mask = "";
    private String bias = "";
    private boolean hidesKeys;
    private int from;
    private int fewer;

    private PackedWeightsTest with(String name, Object value) {
        attributes.add(name);
        attributes.add(value);
        return this;
    }

    private FusedProof proof() {
        int all = widths[0] + widths[1] + widths[2];
        List<String> out = new ArrayList<>(List.of(FusedGraph.RESULT));
        String past = "";
        if (cached) {
            past = g.input("past_0", GraphMaker.FLOAT, 2, "batch", HEADS, "past_length", D);
            out.add("present_0");
            g.output("present_0", GraphMaker.FLOAT, 2, "b", HEADS, "t", D);
        }
        String added = g.matrix("added", 1, all);
        List<String> in = new ArrayList<>();
        if (quantized) {
            g.bytes("x_table", true, 3, FusedGraph.VOCABULARY, WIDTH);
            g.node("Gather", "x", List.of("x_table", "input_ids"), "axis", 0);
            g.bytes("weights", false, 5, WIDTH, all);
            g.floats("x_scale", 0.01f);
            float[] scales = new float[byColumn ? all : 1];
            for (int i = 0; i < scales.length; i++) {
                scales[i] = 0.004f + 0.0001f * (i % 7);
            }
            g.floats("w_scale", scales);
            g.bytes("x_zero", true, 9, 1);
            g.bytes("w_zero", false, 11, scales.length);
            in.addAll(List.of("x", "weights", added, "x_scale", "w_scale", mask, "x_zero"));
            in.addAll(List.of("w_zero", past));
        } else {
            in.add(graph.flat("x", WIDTH));
            in.add(g.matrix("weights", 0.3, WIDTH, all));
            in.addAll(List.of(added, mask, past, bias));
        }
        while (in.getLast().isEmpty()) {
            in.removeLast();
        }
        String operator = quantized ? "QAttention" : "Attention";
        g.nodeOf(FusedGraph.MICROSOFT, operator, out, in, attributes.toArray());
        String form = quantized ? "QAttention" : "com.microsoft.Attention";
        return new FusedProof(graph.write(folder), form, this::truth);
    }

    private double[][] projected(int[] ids) {
        double[][] x = quantized ? graph.byteRows("x_table", ids) : graph.rows("x", ids);
        double[][] w = quantized ? graph.byteTable("weights") : graph.table("weights");
        double[] added = graph.table("added")[0];
        double[][] out = new double[x.length][w[0].length];
        for (int r = 0; r < x.length; r++) {
            for (int c = 0; c < w[0].length; c++) {
                double sum = 0;
                for (int i = 0; i < WIDTH; i++) {
                    sum += factor(x, r, i, true) * factor(w, i, c, false);
                }
                out[r][c] = sum + added[c];
            }
        }
        return out;
    }

    private double factor(double[][] table, int row, int column, boolean states) {
        if (!quantized) {
            return table[row][column];
        }
        double[] zeros = graph.byteTable(states ? "x_zero" : "w_zero")[0];
        double[] scales = graph.table(states ? "x_scale" : "w_scale")[0];
        return (table[row][column] - zeros[zeros.length == 1 ? 0 : column])
                * scales[scales.length == 1 ? 0 : column];
    }

    private List<NaiveAttention> truth(int[] ids) {
        double[][] all = projected(ids);
        int width = widths[0] / HEADS;
        int valueWidth = widths[2] / HEADS;
        List<NaiveAttention> heads = new ArrayList<>();
        for (int h = 0; h < HEADS; h++) {
            double slope = bias.isEmpty() ? 0 : graph.table("slopes_slopes")[h][0];
            heads.add(
                    new NaiveAttention(
                            FusedGraph.head(all, h * width, width),
                            FusedGraph.head(all, widths[0] + h * width, width),
                            FusedGraph.head(
                                    all, widths[0] + widths[1] + h * valueWidth, valueWidth),
                            1 / Math.sqrt(width),
                            0,
                            Double.NEGATIVE_INFINITY,
                            (row, key) -> hidden(row, key, ids) ? -1e9 : (key - row) * slope));
        }
        return heads;
    }

    private boolean hidden(int row, int key, int[] ids) {
        boolean masked = hidesKeys && ids[key] % 5 == HIDDEN_KEY;
        return (causal && key > row) || masked || key < from || key >= ids.length - fewer;
    }

    /** 1 for each token whose rest of dividing by five is not three, [1, N]. */
    private String kept() {
        float[] keeps = new float[FusedGraph.VOCABULARY];
        for (int i = 0; i < keeps.length; i++) {
            keeps[i] = i % 5 == HIDDEN_KEY ? 0 : 1;
        }
        g.floats("keeps", keeps);
        g.node("Gather", "kept", List.of("keeps", "input_ids"), "axis", 0);
        hidesKeys = true;
        return g.node("Cast", "kept_keys", List.of("kept"), "to", GraphMaker.INT32);
    }

    /** How many keys there are less some, and more numbers after it. */
    private String lengths(int less, long... more) {
        fewer = less;
        g.node("Shape", "shape", List.of("input_ids"));
        g.constant("second", FusedGraph.scalar(1));
        g.node("Gather", "length", List.of("shape", "second"), "axis", 0);
        g.node("Sub", "end", List.of("length", g.constant("less", FusedGraph.scalar(less))));
        List<String> numbers = new ArrayList<>(List.of(g.reshape("end1", "end", 1)));
        for (long number : more) {
            numbers.add(g.integers("more" + numbers.size(), number));
        }
        g.node("Concat", "numbers", numbers, "axis", 0);
        return g.node("Cast", "lengths", List.of("numbers"), "to", GraphMaker.INT32);
    }

    private void causal() {
        causal = true;
        with("unidirectional", 1);
    }

    @Test
    void weightsSideBySide() {
        proof().whole(1, 2, 9, 65);
    }

    @Test
    void aCausalRuleAndACache() {
        causal();
        cached = true;
        proof().chunked(1, 16, 17, 65);
    }

    @Test
    void valuesOfAnotherWidth() {
        widths[0] = 24;
        widths[1] = 24;
        widths[2] = 20;
        with("qkv_hidden_sizes", new long[] {24, 24, 20});
        proof().whole(9, 65);
    }

    @Test
    void aMaskOfKeys() {
        mask = kept();
        proof().whole(9, 65);
    }

    @Test
    void aMaskOfKeysAndACausalRule() {
        mask = kept();
        causal();
        proof().whole(9, 65);
    }

    @Test
    void aMaskOfCells() {
        String keys = kept();
        g.integers("ax1", 1);
        g.node("Unsqueeze", "row", List.of(keys, "ax1"));
        g.node("Shape", "ids_shape", List.of("input_ids"));
        g.node("Concat", "cells_shape", List.of(g.integers("one_row", 1), lastSize()), "axis", 0);
        g.node("Concat", "full", List.of("cells_shape", lastSize()), "axis", 0);
        mask = g.node("Expand", "cells", List.of("row", "full"));
        g.value("cells", GraphMaker.INT32, "b", "n", "m");
        proof().whole(9, 65);
    }

    private String lastSize() {
        if (g.graph().getNodeList().stream().noneMatch(n -> n.getOutput(0).equals("last_size"))) {
            g.node("Gather", "last_size", List.of("ids_shape", g.integers("at1", 1)), "axis", 0);
        }
        return "last_size";
    }

    @Test
    void howManyKeysCount() {
        mask = lengths(3);
        proof().whole(9, 65);
    }

    @Test
    void howManyKeysCountAndWhichIsTheFirst() {
        mask = lengths(2, 3);
        from = 3;
        proof().whole(9, 65);
    }

    @Test
    void aBiasOfScores() {
        bias = graph.bias("slopes", HEADS);
        proof().whole(9, 65);
    }

    @Test
    void anotherNumberForMaskedKeys() {
        mask = kept();
        with("mask_filter_value", -3.4028235e+38f);
        causal();
        proof().whole(9, 65);
    }

    @Test
    void wholeNumbers() {
        quantized = true;
        proof().whole(9, 65);
    }

    @Test
    void wholeNumbersWithAScaleForEachColumnACacheAndAMask() {
        quantized = true;
        byColumn = true;
        cached = true;
        causal();
        proof().chunked(9, 65);
    }

    private String reason(String added, String mask) {
        String x = graph.flat("x", WIDTH);
        List<String> in = List.of(x, g.matrix("w", 1, WIDTH, 3L * HEADS * D), added, mask);
        g.nodeOf(FusedGraph.MICROSOFT, "Attention", List.of("y"), in, attributes.toArray());
        AttentionFindings found = AttentionFinder.find(g.open(folder));
        assertThat(found.sites()).isEmpty();
        assertThat(found.unsupported()).hasSize(1);
        return found.unsupported().getFirst().reason();
    }

    @Test
    void aMaskOfFourAxesIsRefused() {
        assertThat(reason("x", g.input("m", GraphMaker.INT32, 1, 1, 64, 64)))
                .isEqualTo(
                        "Its mask m has 4 axes, which the runtime has no kernel for on the"
                                + " processor.");
    }

    @Test
    void rotaryEmbeddingInsideIsRefused() {
        with("do_rotary", 1);
        assertThat(reason("x", ""))
                .isEqualTo(
                        "It rotates queries and keys inside (do_rotary), which the runtime has no"
                                + " kernel for on the processor.");
    }

    /** Running it would end the whole process, even beside a site that can be read. */
    @Test
    void aModelWithANodeThatEndsTheProcessIsNotRun() {
        String x = graph.flat("x", WIDTH);
        String w = g.matrix("w", 1, WIDTH, 3L * HEADS * D);
        String added = g.matrix("added", 1, 3L * HEADS * D);
        g.nodeOf(
                FusedGraph.MICROSOFT,
                "Attention",
                List.of("readable"),
                List.of(x, w, added),
                attributes.toArray());
        g.nodeOf(
                FusedGraph.MICROSOFT,
                "Attention",
                List.of("bare"),
                List.of(x, w),
                attributes.toArray());
        g.node("Add", FusedGraph.RESULT, List.of("readable", "bare"));
        Path file = graph.write(folder);
        assertThatThrownBy(() -> Models.open(file).close())
                .isInstanceOf(BadInputException.class)
                .hasMessage(
                        file
                                + " is not run: its node /bare (Attention of com.microsoft) has no"
                                + " bias, and ONNX Runtime ends the whole process on such a node;"
                                + " give it a bias of zeros, or export the model again without"
                                + " merged attention nodes.");
    }

    /** Running it would end the whole process. */
    @Test
    void noBiasIsRefused() {
        assertThat(reason("", ""))
                .isEqualTo(
                        "It has no bias, and the runtime's kernel for the processor breaks off"
                                + " without one.");
    }
}
