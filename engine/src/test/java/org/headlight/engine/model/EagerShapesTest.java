package org.headlight.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;

import org.headlight.engine.attention.GraphMaker;
import org.headlight.engine.attention.SiteKind;
import org.headlight.engine.attention.UnsupportedSite;
import org.headlight.engine.capture.RelativeMask;
import org.headlight.engine.onnx.proto.Onnx.TensorProto;
import org.headlight.engine.problem.BadInputException;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** Orders of axes, precisions, packed weights, and layers without a map. */
class EagerShapesTest extends FormProof {
    /** Queries, keys and values with positions before heads, [1, N, H, D]. */
    private void positionsFirst(int queryHeads, int keyHeads) {
        for (String part : List.of("q", "k", "v")) {
            int heads = part.equals("q") ? queryHeads : keyHeads;
            g.matrix("w_" + part, 0.8, WIDTH, 8L * heads);
            g.matMul(part + "_flat", "x", "w_" + part);
            g.reshape(part, part + "_flat", 0, -1, heads, 8);
        }
    }

    @Test
    void anEinsumMayHavePositionsBeforeHeads() {
        causal();
        positionsFirst(2, 2);
        g.node("Einsum", "raw", List.of("q", "k"), "equation", "bqhd,bkhd->bhqk");
        g.node("Mul", "scores", List.of("raw", "c"));
        g.node("Softmax", "p", List.of(masked("scores")), "axis", -1);
        g.node("Einsum", "seen", List.of("p", "v"), "equation", "bhqk,bkhd->bqhd");
        prove(
                g.reshape("out1", "seen", 0, -1, WIDTH),
                capture -> assertThat(capture.sites().getFirst().kind()).isEqualTo(SiteKind.SELF));
    }

    @Test
    void anEinsumMayHaveGroupsOfQueryHeads() {
        causal();
        positionsFirst(4, 2);
        g.reshape("q5", "q", 0, -1, 2, 2, 8);
        g.node("Einsum", "raw", List.of("k", "q5"), "equation", "bskd,btkgd->bkgts");
        g.node("Softmax", "p", List.of(masked("raw")), "axis", -1);
        g.node("Einsum", "seen", List.of("p", "v"), "equation", "bkgts,bskd->btkgd");
        g.reshape("flat", "seen", 0, -1, 32);
        prove(
                g.matMul("out1", "flat", g.matrix("w_out", 0.5, 32, WIDTH)),
                capture -> {
                    assertThat(capture.sites().getFirst().heads()).hasSize(4);
                    assertThat(capture.sites().getFirst().kvHeads()).isEqualTo(2);
                });
    }

    @Test
    void groupsOfQueryHeadsMayBeAFifthAxis() {
        causal();
        positionsFirst(4, 2);
        g.transpose("qt", "q", 0, 2, 1, 3);
        g.reshape("q5", "qt", 0, 2, 2, -1, 8);
        for (String part : List.of("k", "v")) {
            g.transpose(part + "t", part, 0, 2, 1, 3);
            g.node("Unsqueeze", part + "5", List.of(part + "t", g.integers(part + "_axis", 2)));
        }
        g.transpose("k5t", "k5", 0, 1, 2, 4, 3);
        g.matMul("raw", "q5", "k5t");
        g.node("Softmax", "p", List.of(masked("raw")), "axis", -1);
        g.matMul("seen", "p", "v5");
        g.reshape("heads4", "seen", 0, 4, -1, 8);
        g.transpose("rows4", "heads4", 0, 2, 1, 3);
        g.reshape("flat", "rows4", 0, -1, 32);
        prove(
                g.matMul("out1", "flat", g.matrix("w_out", 0.5, 32, WIDTH)),
                capture -> {
                    assertThat(capture.sites().getFirst().heads()).hasSize(4);
                    assertThat(capture.sites().getFirst().kvHeads()).isEqualTo(2);
                });
    }

    @Test
    void weightsOfFourBitsAreReadByTheirOperator() {
        g.withDomain("com.microsoft");
        for (String part : List.of("q", "k", "v")) {
            g.initializer(packed(part + "_packed", part.hashCode()));
            g.matrix(part + "_scales", 0.1, WIDTH);
            g.nodeOf(
                    "com.microsoft",
                    "MatMulNBits",
                    part + "1_flat",
                    List.of("x", part + "_packed", part + "_scales"),
                    "K",
                    WIDTH,
                    "N",
                    WIDTH,
                    "bits",
                    4,
                    "block_size",
                    16);
            g.reshape(part + "1_split", part + "1_flat", 0, -1, HEADS, 8);
            g.transpose(part + "1", part + "1_split", 0, 2, 1, 3);
        }
        prove(
                graph.attended(1, graph.scores(1, "q1", "k1")),
                capture -> assertThat(capture.sites().getFirst().kind()).isEqualTo(SiteKind.SELF));
    }

    private static TensorProto packed(String name, int seed) {
        byte[] bytes = new byte[WIDTH * 8];
        new Random(seed).nextBytes(bytes);
        return TensorProto.newBuilder()
                .setName(name)
                .setDataType(2)
                .addAllDims(List.of((long) WIDTH, 1L, 8L))
                .setRawData(ByteString.copyFrom(bytes))
                .build();
    }

    @Test
    void attentionInHalfPrecisionIsRead() {
        causal();
        graph.heads(1, "x");
        for (String part : List.of("q", "k", "v")) {
            g.node("Cast", part + "_half", List.of(part + "1"), "to", GraphMaker.FLOAT16);
        }
        g.transpose("kt", "k_half", 0, 1, 3, 2);
        g.matMul("raw", "q_half", "kt");
        g.node("Cast", "wide", List.of("raw"), "to", 1);
        g.node("Softmax", "p", List.of(masked("wide")), "axis", -1);
        g.node("Cast", "p_half", List.of("p"), "to", GraphMaker.FLOAT16);
        g.matMul("seen_half", "p_half", "v_half");
        g.node("Cast", "seen1", List.of("seen_half"), "to", 1);
        g.transpose("joined1", "seen1", 0, 2, 1, 3);
        prove(
                g.reshape("out1", "joined1", 0, -1, WIDTH),
                // A score of 10 in 16 bits is rounded by 0.004.
                5e-3,
                capture -> assertThat(head(capture, 0).mask().causal()).isTrue());
    }

    @Test
    void layersThatKeepAStateAreListedAndCounted() {
        for (int layer : new int[] {0, 2, 3}) {
            g.input("past_conv." + layer, GraphMaker.FLOAT, 1, WIDTH, 3);
        }
        g.input("past_recurrent.2", GraphMaker.FLOAT, 1, HEADS, 4, 4);
        g.node("Add", "y", List.of("x", graph.attended(1, graph.scores(1, "x"))));
        String out = graph.attended(2, graph.scores(2, "y"));
        for (String state :
                List.of("past_conv.0", "past_conv.2", "past_conv.3", "past_recurrent.2")) {
            String sum = state.replace('.', '_') + "_sum";
            g.node("ReduceSum", sum, List.of(state), "keepdims", 0);
            out = g.node("Add", out + "+", List.of(out, sum));
        }
        try (OnnxModel model = Models.open(graph.write(folder, out))) {
            assertThat(model.needs()).isEmpty();
            assertThat(model.info().sites())
                    .extracting(ModelInfo.Site::layer)
                    .containsExactly(1, 4);
            assertThat(model.info().unsupported())
                    .containsExactly(
                            state("past_conv.0", 0),
                            state("past_conv.2", 2),
                            state("past_conv.3", 3));
        }
    }

    private static UnsupportedSite state(String input, int layer) {
        return new UnsupportedSite(
                input,
                "Layer "
                        + layer
                        + " keeps a running state instead of a map, so there is no map to show.");
    }

    @Test
    void valuesMayBeWiderThanQueries() {
        causal();
        graph.heads(1, "x");
        g.matMul("wide_flat", "x", g.matrix("w_wide", 0.8, WIDTH, 13L * HEADS));
        g.reshape("wide_split", "wide_flat", 0, -1, HEADS, 13);
        g.transpose("wide", "wide_split", 0, 2, 1, 3);
        g.node("Softmax", "p", List.of(masked(graph.scores(1, "q1", "k1"))), "axis", -1);
        g.matMul("seen", "p", "wide");
        g.transpose("joined", "seen", 0, 2, 1, 3);
        g.reshape("flat", "joined", 0, -1, 13 * HEADS);
        prove(
                g.matMul("out1", "flat", g.matrix("w_out", 0.5, 13L * HEADS, WIDTH)),
                capture -> {
                    assertThat(capture.sites().getFirst().headDim()).isEqualTo(8);
                    assertThat(java.util.Objects.requireNonNull(head(capture, 0).v()).cols())
                            .isEqualTo(13);
                });
    }

    @Test
    void headsMayBeFoldedIntoTheBatchUnderAMaskOfFourAxes() {
        causal();
        graph.heads(1, "x");
        for (String part : List.of("q", "k", "v")) {
            g.reshape(part + "3", part + "1", HEADS, -1, 8);
        }
        g.transpose("kt", "k3", 0, 2, 1);
        g.matMul("raw", "q3", "kt");
        g.node("Unsqueeze", "raw4", List.of("raw", "ax0"));
        g.node("Squeeze", "back", List.of(masked("raw4"), "ax0"));
        g.node("Softmax", "p", List.of("back"), "axis", -1);
        g.matMul("seen", "p", "v3");
        g.node("Unsqueeze", "seen4", List.of("seen", "ax0"));
        g.transpose("joined", "seen4", 0, 2, 1, 3);
        prove(
                g.reshape("out1", "joined", 0, -1, WIDTH),
                capture -> assertThat(capture.sites().getFirst().heads()).hasSize(HEADS));
    }

    @Test
    void biasesMayHaveTheFifthAxisOfGroups() {
        causal();
        positionsFirst(4, 2);
        g.transpose("qt", "q", 0, 2, 1, 3);
        g.reshape("q5", "qt", 0, 2, 2, -1, 8);
        for (String part : List.of("k", "v")) {
            g.transpose(part + "t", part, 0, 2, 1, 3);
            g.node("Unsqueeze", part + "5", List.of(part + "t", g.integers(part + "_axis", 2)));
        }
        g.transpose("k5t", "k5", 0, 1, 2, 4, 3);
        g.matMul("raw", "q5", "k5t");
        g.node("Sub", "back", List.of("columns", "rows"));
        g.node("Cast", "back_f", List.of("back"), "to", 1);
        g.node("Mul", "slopes", List.of("back_f", g.matrix("slope", 0.3, 1, 2, 2, 1, 1)));
        g.node("Add", "sloped", List.of("raw", "slopes"));
        g.node("Softmax", "p", List.of(masked("sloped")), "axis", -1);
        g.matMul("seen", "p", "v5");
        g.reshape("heads4", "seen", 0, 4, -1, 8);
        g.transpose("rows4", "heads4", 0, 2, 1, 3);
        g.reshape("flat", "rows4", 0, -1, 32);
        prove(
                g.matMul("out1", "flat", g.matrix("w_out", 0.5, 32, WIDTH)),
                capture -> assertThat(head(capture, 3).mask()).isInstanceOf(RelativeMask.class));
    }

    @Test
    void attentionInBfloat16SaysThatTheRuntimeCannotRunIt() {
        graph.heads(1, "x");
        for (String part : List.of("q", "k", "v")) {
            g.node("Cast", part + "_brain", List.of(part + "1"), "to", 16);
        }
        g.transpose("kt", "k_brain", 0, 1, 3, 2);
        g.matMul("raw", "q_brain", "kt");
        g.node("Softmax", "p", List.of("raw"), "axis", -1);
        g.matMul("seen_brain", "p", "v_brain");
        g.node("Cast", "seen", List.of("seen_brain"), "to", 1);
        g.transpose("joined", "seen", 0, 2, 1, 3);
        g.reshape("out1", "joined", 0, -1, WIDTH);
        Path file = graph.write(folder, "out1");
        assertThatThrownBy(() -> Models.open(file).close())
                .isInstanceOf(BadInputException.class)
                .hasMessage(
                        "made.onnx cannot be run: Could not find an implementation for MatMul(13)"
                                + " node with name '/raw'.");
    }
}
