package org.headlight.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;

/** Relative positions that are products themselves: they are added to the scores of content. */
class EagerPositionsTest extends FormProof {

    /** A shape of known sizes with the length of the text at some places. */
    private String shape(String name, Object... parts) {
        g.node("Unsqueeze", name + "_n", List.of("n", "ax0"));
        List<String> all = new java.util.ArrayList<>();
        for (Object part : parts) {
            all.add(
                    part instanceof Integer size
                            ? g.integers(name + "_" + all.size(), size)
                            : name + "_n");
        }
        return g.node("Concat", name, all, "axis", 0);
    }

    /** Numbers of learned places [1, H, N, P] gathered by distance into [1, H, N, N]. */
    private String gathered(String name, String product, boolean turned) {
        List<String> difference = turned ? List.of("columns", "rows") : List.of("rows", "columns");
        g.node("Sub", name + "_far", difference);
        g.node("Add", name + "_from", List.of(name + "_far", g.constant(name + "_4", whole(4))));
        g.node("Max", name + "_low", List.of(name + "_from", "i0"));
        g.node("Min", name + "_at", List.of(name + "_low", g.constant(name + "_8", whole(8))));
        g.node(
                "Expand",
                name + "_index",
                List.of(name + "_at", shape(name + "_s", 1, HEADS, "n", "n")));
        return g.node("GatherElements", name, List.of(product, name + "_index"), "axis", 3);
    }

    @Test
    void contentToPositionAndPositionToContentAreAdded() {
        causal();
        String content = graph.scores(1, "x");
        g.matrix("places", 0.5, 1, 9, WIDTH);
        for (String part : List.of("q", "k")) {
            g.matMul(
                    "place_" + part + "_flat",
                    "places",
                    g.matrix("w_place_" + part, 0.8, WIDTH, WIDTH));
            g.reshape("place_" + part + "_split", "place_" + part + "_flat", 0, -1, HEADS, 8);
            g.transpose("place_" + part, "place_" + part + "_split", 0, 2, 3, 1);
        }
        g.matMul("c2p_all", "q1", "place_k");
        g.matMul("p2c_all", "k1", "place_q");
        String c2p = gathered("c2p", "c2p_all", false);
        g.transpose("p2c", gathered("p2c_rows", "p2c_all", true), 0, 1, 3, 2);
        g.node("Add", "relative", List.of(c2p, "p2c"));
        g.node("Add", "both", List.of("relative", content));
        prove(
                graph.attended(1, masked("both")),
                capture -> {
                    assertThat(head(capture, 0).mask().unbiased()).isFalse();
                    assertThat(head(capture, 0).mask().causal()).isTrue();
                    assertThat(head(capture, 0).scale()).isEqualTo(0.35f);
                });
    }

    @Test
    void productsWithPositionsMayBeShiftedRowByRow() {
        causal();
        String content = graph.scores(1, "x");
        g.matMul("r_flat", "x", g.matrix("w_r", 0.8, WIDTH, WIDTH));
        g.reshape("r_split", "r_flat", 0, -1, HEADS, 8);
        g.transpose("rt", "r_split", 0, 2, 3, 1);
        g.matMul("by_place", "q1", "rt");
        g.node("Pad", "padded", List.of("by_place", g.integers("pads", 0, 0, 0, 1, 0, 0, 0, 0)));
        g.node("Reshape", "turned", List.of("padded", shape("turned_s", 1, HEADS, -1, "n")));
        g.node(
                "Slice",
                "cut",
                List.of(
                        "turned",
                        g.integers("cut_from", 1),
                        g.integers("cut_to", Long.MAX_VALUE),
                        g.integers("cut_axis", 2)));
        g.node("Reshape", "shifted", List.of("cut", shape("shifted_s", 1, HEADS, "n", -1)));
        g.node("Add", "sum", List.of(content, "shifted"));
        g.node("Mul", "halved", List.of("sum", g.number("half", 0.5)));
        prove(
                graph.attended(1, masked("halved")),
                capture -> assertThat((double) head(capture, 0).scale()).isEqualTo(0.35f * 0.5));
    }
}
