package org.headlight.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.headlight.engine.attention.AttentionFinder;
import org.headlight.engine.attention.AttentionFindings;
import org.headlight.engine.attention.GraphMaker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The operator Attention of ONNX, with each of its features. */
class StandardAttentionTest {
    private static final int HEADS = 4;
    private static final int KV = 2;
    private static final int D = 8;
    private static final int WIDE = 12;
    private static final int BEFORE = 4;

    @TempDir private Path folder;

    private final FusedGraph graph = new FusedGraph(24);
    private final GraphMaker g = graph.maker();
    private final List<Object> attributes = new ArrayList<>();
    private NaiveAttention.Bias visible = (row, key) -> 0;
    private boolean flat;
    private boolean cached;
    private boolean prefixed;
    private String mask = "";
    private String length = "";
    private double slopes;
    private double scale = 1 / Math.sqrt(D);
    private double softcap;

    private void with(String name, Object value) {
        attributes.add(name);
        attributes.add(value);
    }

    private void causal(int offset) {
        with("is_causal", 1);
        visible = (row, key) -> key > row + offset ? Double.NEGATIVE_INFINITY : 0;
    }

    private String heads(String name, int heads, int width) {
        String flatTensor = graph.flat(name, heads * width);
        if (prefixed && !name.equals("q")) {
            g.matrix("before_" + name, 1, 1, BEFORE, (long) heads * width);
            List<String> both = List.of("before_" + name, flatTensor);
            flatTensor = g.node("Concat", "all_" + name, both, "axis", 1);
        }
        if (flat) {
            return flatTensor;
        }
        g.reshape(name + "_split", flatTensor, 0, 0, heads, width);
        return g.transpose(name + "_heads", name + "_split", 0, 2, 1, 3);
    }

    private FusedProof proof() {
        List<String> in =
                new ArrayList<>(
                        List.of(
                                heads("q", HEADS, D),
                                heads("k", KV, D),
                                heads("v", KV, WIDE),
                                mask));
        List<String> out = new ArrayList<>(List.of(flat ? FusedGraph.RESULT : "attended"));
        if (cached) {
            g.input("past_key_values.0.key", GraphMaker.FLOAT, "batch", KV, "past", D);
            g.input("past_key_values.0.value", GraphMaker.FLOAT, "batch", KV, "past", WIDE);
            in.addAll(List.of("past_key_values.0.key", "past_key_values.0.value"));
            out.addAll(List.of("present.0.key", "present.0.value"));
            g.output("present.0.key", GraphMaker.FLOAT, "b", KV, "t", D);
            g.output("present.0.value", GraphMaker.FLOAT, "b", KV, "t", WIDE);
        } else {
            in.addAll(List.of("", ""));
        }
        in.add(length);
        while (in.getLast().isEmpty()) {
            in.removeLast();
        }
        if (flat) {
            with("q_num_heads", HEADS);
            with("kv_num_heads", KV);
        }
        g.nodeOf("", "Attention", out, in, attributes.toArray());
        if (!flat) {
            g.transpose("joined", "attended", 0, 2, 1, 3);
            g.reshape(FusedGraph.RESULT, "joined", 0, 0, -1);
        }
        return new FusedProof(graph.write(folder), "Attention", this::truth);
    }

    private double[][] rows(String name, int[] ids) {
        double[][] rows = graph.rows(name, ids);
        if (!prefixed) {
            return rows;
        }
        double[][] before = graph.table("before_" + name);
        double[][] all = new double[BEFORE + rows.length][];
        System.arraycopy(before, 0, all, 0, BEFORE);
        System.arraycopy(rows, 0, all, BEFORE, rows.length);
        return all;
    }

    private List<NaiveAttention> truth(int[] ids) {
        double[][] q = graph.rows("q", ids);
        double[][] k = rows("k", ids);
        double[][] v = rows("v", ids);
        int tokens = ids.length;
        List<NaiveAttention> heads = new ArrayList<>();
        for (int h = 0; h < HEADS; h++) {
            int shared = h / (HEADS / KV);
            double slope = slopes == 0 ? 0 : graph.table("slopes_slopes")[h][0];
            heads.add(
                    new NaiveAttention(
                            FusedGraph.head(q, h * D, D),
                            FusedGraph.head(k, shared * D, D),
                            FusedGraph.head(v, shared * WIDE, WIDE),
                            scale,
                            softcap,
                            Double.NEGATIVE_INFINITY,
                            (row, key) ->
                                    (prefixed && key >= tokens + 2 ? Double.NEGATIVE_INFINITY : 0)
                                            + visible.at(row, key)
                                            + slope * (key - row)));
        }
        return heads;
    }

    @Test
    void headsApart() {
        proof().whole(1, 2, 9, 65);
    }

    @Test
    void headsSideBySide() {
        flat = true;
        proof().whole(1, 9, 65);
    }

    @Test
    void aCausalRule() {
        causal(0);
        proof().whole(1, 9, 65);
    }

    @Test
    void aCausalRuleAfterAPast() {
        flat = true;
        cached = true;
        causal(0);
        proof().chunked(1, 16, 17, 65);
    }

    @Test
    void aCausalRuleAfterAPastWithHeadsApart() {
        cached = true;
        causal(0);
        proof().chunked(9, 65);
    }

    @Test
    void aSoftCapAndAScale() {
        with("softcap", 1.25f);
        with("scale", 0.7f);
        softcap = 1.25f;
        scale = 0.7f;
        causal(0);
        proof().whole(9, 65);
    }

    @Test
    void aBiasOfScores() {
        mask = graph.bias("slopes", HEADS);
        slopes = 1;
        flat = true;
        proof().whole(1, 9, 65);
    }

    @Test
    void aBiasOfScoresAfterASoftCapAndACausalRule() {
        mask = graph.bias("slopes", HEADS);
        slopes = 1;
        with("softcap", 1.25f);
        softcap = 1.25f;
        causal(0);
        proof().whole(9, 65);
    }

    @Test
    void aMaskOfTruth() {
        graph.bias("slopes", HEADS);
        g.node("Abs", "apart", List.of("distance"));
        g.constant("four", FusedGraph.scalar(4));
        mask = g.node("Less", "near", List.of("apart", "four"));
        visible = (row, key) -> Math.abs(row - key) < 4 ? 0 : Double.NEGATIVE_INFINITY;
        proof().whole(1, 9, 65);
    }

    /** How many tokens there are, and as many more. */
    private void length(int more) {
        g.node("Shape", "ids_shape", List.of("input_ids"));
        g.node("Slice", "count", List.of("ids_shape", g.integers("s1", 1), g.integers("s2", 2)));
        length = g.node("Add", "existing", List.of("count", g.integers("more", more)));
    }

    @Test
    void keysThatDoNotExist() {
        prefixed = true;
        length(2);
        proof().whole(1, 9, 65);
    }

    @Test
    void aCausalRuleWithKeysThatDoNotExistEndsAtTheLastOne() {
        prefixed = true;
        length(2);
        causal(2);
        proof().whole(1, 9, 65);
    }

    @Test
    void anAttributeOfALaterVersionIsRefused() {
        g.input("x", GraphMaker.FLOAT, 1, HEADS, "n", D);
        g.node("Attention", "y", List.of("x", "x", "x"), "left_window_size", 4);
        AttentionFindings found = AttentionFinder.find(g.open(folder));
        assertThat(found.sites()).isEmpty();
        assertThat(found.unsupported().getFirst().reason())
                .isEqualTo("Its Attention has the attribute left_window_size, which is not read.");
    }
}
