package org.headlight.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.headlight.engine.attention.AttentionFinder;
import org.headlight.engine.attention.AttentionFindings;
import org.headlight.engine.attention.GraphMaker;
import org.headlight.engine.attention.UnsupportedSite;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** MultiHeadAttention of com.microsoft, with each of its features. */
class MultiHeadTest {
    private static final int HEADS = 3;
    private static final int D = 8;
    private static final int HIDDEN_KEY = 3;

    @TempDir private Path folder;

    private final FusedGraph graph = new FusedGraph();
    private final GraphMaker g = graph.maker();
    private final List<Object> attributes = new ArrayList<>(List.of("num_heads", HEADS));
    private boolean causal;
    private boolean cached;
    private int valueWidth = D;
    private double scale = 1 / Math.sqrt(D);
    private String projection = "";
    private String keyMask = "";
    private String bias = "";
    private int shortened;

    private void with(String name, Object value) {
        attributes.add(name);
        attributes.add(value);
    }

    private void causal() {
        causal = true;
        with("unidirectional", 1);
    }

    private FusedProof proof() {
        List<String> in =
                new ArrayList<>(
                        List.of(
                                graph.flat("q", HEADS * D),
                                graph.flat("k", HEADS * D),
                                graph.flat("v", HEADS * valueWidth),
                                projection,
                                keyMask,
                                bias));
        List<String> out = new ArrayList<>(List.of(FusedGraph.RESULT));
        if (cached) {
            in.addAll(graph.cache(HEADS, D));
            out.addAll(List.of("present.0.key", "present.0.value"));
            g.output("present.0.key", GraphMaker.FLOAT, "b", HEADS, "t", D);
            g.output("present.0.value", GraphMaker.FLOAT, "b", HEADS, "t", D);
        }
        while (in.getLast().isEmpty()) {
            in.removeLast();
        }
        g.nodeOf(FusedGraph.MICROSOFT, "MultiHeadAttention", out, in, attributes.toArray());
        return new FusedProof(graph.write(folder), "MultiHeadAttention", this::truth);
    }

    private static double[][] plus(double[][] rows, double[] bias, int from) {
        double[][] out = new double[rows.length][rows[0].length];
        for (int r = 0; r < rows.length; r++) {
            for (int i = 0; i < rows[r].length; i++) {
                out[r][i] = rows[r][i] + (bias.length == 0 ? 0 : bias[from + i]);
            }
        }
        return out;
    }

    private List<NaiveAttention> truth(int[] ids) {
        double[] added = projection.isEmpty() ? new double[0] : graph.table(projection)[0];
        double[][] q = plus(graph.rows("q", ids), added, 0);
        double[][] k = plus(graph.rows("k", ids), added, HEADS * D);
        double[][] v = plus(graph.rows("v", ids), added, 2 * HEADS * D);
        List<NaiveAttention> heads = new ArrayList<>();
        for (int h = 0; h < HEADS; h++) {
            double slope = bias.isEmpty() ? 0 : graph.table("slopes_slopes")[h][0];
            heads.add(
                    new NaiveAttention(
                            FusedGraph.head(q, h * D, D),
                            FusedGraph.head(k, h * D, D),
                            FusedGraph.head(v, h * valueWidth, valueWidth),
                            scale,
                            0,
                            Double.NEGATIVE_INFINITY,
                            (row, key) -> hidden(row, key, ids) ? -1e9 : (key - row) * slope));
        }
        return heads;
    }

    private boolean hidden(int row, int key, int[] ids) {
        boolean masked = !keyMask.isEmpty() && shortened == 0 && ids[key] % 5 == HIDDEN_KEY;
        boolean beyond = shortened > 0 && key >= Math.max(1, ids.length - shortened);
        return (causal && key > row) || masked || beyond;
    }

    /** A mask that hides some tokens: 1 where the rest of dividing by five is not three. */
    private void maskOfKeys() {
        float[] keeps = new float[FusedGraph.VOCABULARY];
        for (int i = 0; i < keeps.length; i++) {
            keeps[i] = i % 5 == HIDDEN_KEY ? 0 : 1;
        }
        g.floats("keeps", keeps);
        g.node("Gather", "kept", List.of("keeps", "input_ids"), "axis", 0);
        keyMask = g.node("Cast", "key_mask", List.of("kept"), "to", GraphMaker.INT32);
    }

    @Test
    void flatQueriesKeysAndValues() {
        proof().whole(1, 2, 9, 65);
    }

    @Test
    void causalQueriesKeysAndValues() {
        causal();
        proof().whole(1, 9, 65);
    }

    @Test
    void aCache() {
        causal();
        cached = true;
        proof().chunked(1, 16, 17, 65);
    }

    @Test
    void aGivenScale() {
        with("scale", 0.13f);
        scale = 0.13f;
        proof().whole(9, 65);
    }

    @Test
    void aBiasOfTheProjections() {
        projection = g.matrix("projection", 1, 3 * HEADS * D);
        proof().whole(9, 65);
    }

    @Test
    void aBiasOfTheProjectionsWithACache() {
        projection = g.matrix("projection", 1, 3 * HEADS * D);
        causal();
        cached = true;
        proof().chunked(9, 65);
    }

    @Test
    void valuesOfAnotherWidth() {
        valueWidth = 12;
        projection = g.matrix("projection", 1, 2 * HEADS * D + HEADS * valueWidth);
        proof().whole(9, 65);
    }

    @Test
    void aMaskOfKeys() {
        maskOfKeys();
        proof().whole(9, 65);
    }

    @Test
    void aMaskOfKeysAndACausalRule() {
        maskOfKeys();
        causal();
        proof().whole(9, 65);
    }

    @Test
    void howManyKeysCount() {
        shortened = 3;
        g.node("Shape", "shape", List.of("input_ids"));
        g.constant("second", FusedGraph.scalar(1));
        g.node("Gather", "length", List.of("shape", "second"), "axis", 0);
        g.node("Sub", "fewer", List.of("length", g.constant("by", FusedGraph.scalar(3))));
        g.node("Max", "atLeastOne", List.of("fewer", "second"));
        g.reshape("lengths64", "atLeastOne", 1);
        keyMask = g.node("Cast", "lengths", List.of("lengths64"), "to", GraphMaker.INT32);
        proof().whole(2, 9, 65);
    }

    @Test
    void aBiasOfScores() {
        bias = graph.bias("slopes", HEADS);
        proof().whole(1, 9, 65);
    }

    @Test
    void everythingTogether() {
        bias = graph.bias("slopes", HEADS);
        projection = g.matrix("projection", 1, 3 * HEADS * D);
        maskOfKeys();
        causal();
        proof().whole(9, 65);
    }

    private String reason(List<String> in, List<String> out) {
        g.nodeOf(FusedGraph.MICROSOFT, "MultiHeadAttention", out, in, "num_heads", HEADS);
        AttentionFindings found = AttentionFinder.find(g.open(folder));
        assertThat(found.sites()).isEmpty();
        assertThat(found.unsupported()).extracting(UnsupportedSite::node).containsExactly("/y");
        return found.unsupported().getFirst().reason();
    }

    @Test
    void packedTensorsAreRefused() {
        g.input("qkv", GraphMaker.FLOAT, 1, "n", HEADS, 3, D);
        assertThat(reason(List.of("qkv"), List.of("y")))
                .isEqualTo(
                        "Its queries, keys and values are packed into fewer inputs, which the"
                                + " runtime has no kernel for on the processor.");
    }

    @Test
    void aPastWithoutAPresentIsRefused() {
        String x = graph.flat("x", HEADS * D);
        List<String> in = new ArrayList<>(List.of(x, x, x, "", "", ""));
        in.addAll(graph.cache(HEADS, D));
        assertThat(reason(in, List.of("y")))
                .isEqualTo(
                        "It reads a past and gives no present, and the runtime then leaves the past"
                                + " out; outputs for present keys and values were expected.");
    }
}
