package org.headlight.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.headlight.engine.attention.GraphMaker;
import org.headlight.engine.attention.OrtRun;
import org.headlight.engine.attention.SiteKind;
import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.onnx.ModelSkeleton;
import org.headlight.engine.onnx.proto.Onnx.TensorProto;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Attention written in elementary operators in every way that is met: each graph is opened and run,
 * and what is recomputed in double from the capture must be what the runtime's own softmax gave.
 */
class EagerFormsTest {
    private static final int HEADS = TextGraph.HEADS;
    private static final int WIDTH = 16;

    @TempDir private Path folder;

    private final TextGraph graph = TextGraph.text();
    private final GraphMaker g = graph.maker();

    /** Opens the graph, and proves what is captured for some lengths of text. */
    private void prove(String output, Consumer<Capture> more) {
        Path file = graph.write(folder, output);
        for (int tokens : new int[] {1, 2, 37}) {
            try (OnnxModel model = Models.open(file)) {
                assertThat(model.info().unsupported()).isEmpty();
                List<Token> text = Models.tokens(tokens, TextGraph.VOCABULARY);
                long[] ids = text.stream().mapToLong(Token::id).toArray();
                try (Capture capture = model.capture(text, Progress.NONE)) {
                    double error =
                            EagerTruth.error(
                                    ModelSkeleton.open(file),
                                    capture,
                                    Map.of("input_ids", OrtRun.longs(ids, 1, tokens)));
                    assertThat(error).isLessThan(2e-6);
                    if (tokens == 37) {
                        more.accept(capture);
                    }
                }
            }
        }
    }

    private static QkHead head(Capture capture, int head) {
        HeadAttention attention = capture.sites().getFirst().heads().get(head);
        return (QkHead) attention;
    }

    private void causal() {
        graph.positions();
    }

    private String masked(String scores) {
        return graph.masked("LessOrEqual", scores, -1e9);
    }

    @Test
    void aSoftCapDividesTakesTheTangentAndMultiplies() {
        causal();
        g.node("Div", "small", List.of(graph.scores(1, "x"), g.number("cap", 3)));
        g.node("Tanh", "tangent", List.of("small"));
        g.node("Mul", "capped", List.of("tangent", "cap"));
        prove(
                graph.attended(1, masked("capped")),
                capture -> {
                    assertThat(head(capture, 0).softcap()).isEqualTo(3);
                    assertThat(head(capture, 0).sink()).isEqualTo(QkHead.NO_SINK);
                    assertThat(head(capture, 0).mask().causal()).isTrue();
                });
    }

    @Test
    void aSoftCapNeedNotDivideByWhatItMultipliesWith() {
        g.node("Mul", "small", List.of(graph.scores(1, "x"), g.number("half", 0.5)));
        g.node("Tanh", "tangent", List.of("small"));
        g.node("Mul", "wide", List.of(g.number("two", 2), "tangent"));
        g.node("Div", "capped", List.of("wide", g.number("quarter", 0.25)));
        prove(
                graph.attended(1, "capped"),
                capture -> assertThat(head(capture, 1).softcap()).isEqualTo(8));
    }

    /** The softmax over scores and one more column, which is cut off again. */
    private String joined(String scores, String column, boolean last, boolean shifted) {
        List<String> parts = last ? List.of(scores, column) : List.of(column, scores);
        String all = g.node("Concat", "joined", parts, "axis", -1);
        if (shifted) {
            g.node("ReduceMax", "largest", List.of(all), "axes", new long[] {-1}, "keepdims", 1);
            all = g.node("Sub", "shifted", List.of(all, "largest"));
        }
        g.node("Softmax", "p_all", List.of(all), "axis", -1);
        String from = g.integers("slice_from", last ? 0 : 1);
        String to = g.integers("slice_to", last ? -1 : Long.MAX_VALUE);
        g.node("Slice", "p", List.of("p_all", from, to, g.integers("slice_axis", -1)));
        g.matMul("seen1", "p", "v1");
        g.transpose("joined1", "seen1", 0, 2, 1, 3);
        return g.reshape("out1", "joined1", 0, -1, WIDTH);
    }

    /** One learned logit a head as a column [1, H, N, 1]. */
    private String learnedSinks() {
        g.matrix("sinks", 2, HEADS);
        g.reshape("sinks4", "sinks", 1, -1, 1, 1);
        g.node("Unsqueeze", "n1", List.of("n", "ax0"));
        String shape =
                g.node(
                        "Concat",
                        "sink_shape",
                        List.of(g.integers("one_h", 1, HEADS), "n1", g.integers("one_c", 1)),
                        "axis",
                        0);
        return g.node("Expand", "column", List.of("sinks4", shape));
    }

    @Test
    void sinkLogitsAreJoinedAndCutOffAgain() {
        causal();
        String scores = masked(graph.scores(1, "x"));
        prove(
                joined(scores, learnedSinks(), true, true),
                capture -> {
                    QkHead first = head(capture, 0);
                    QkHead second = head(capture, 1);
                    assertThat(first.sink()).isNotEqualTo(second.sink()).isFinite();
                    assertThat(first.mask().causal()).isTrue();
                });
    }

    @Test
    void sinkLogitsMayStandBeforeTheKeys() {
        causal();
        String scores = graph.scores(1, "x");
        prove(
                joined(scores, learnedSinks(), false, false),
                capture -> assertThat(head(capture, 0).sink()).isFinite());
    }

    @Test
    void aSmoothSoftmaxIsASinkOfZero() {
        causal();
        String scores = masked(graph.scores(1, "x"));
        g.node(
                "Slice",
                "one",
                List.of(scores, g.integers("f", 0), g.integers("t", 1), g.integers("a", -1)));
        g.node("Shape", "one_shape", List.of("one"));
        g.node("ConstantOfShape", "zeros", List.of("one_shape"));
        prove(
                joined(scores, "zeros", true, false),
                capture -> {
                    assertThat(head(capture, 0).sink()).isZero();
                    assertThat(head(capture, 1).sink()).isZero();
                });
    }

    /** A softmax written out. */
    private String written(String scores, boolean smooth) {
        g.node("ReduceMax", "largest", List.of(scores), "axes", new long[] {-1}, "keepdims", 1);
        g.node("Sub", "shifted", List.of(scores, "largest"));
        g.node("Exp", "e", List.of("shifted"));
        g.node("ReduceSum", "total", List.of("e", g.integers("sum_axis", -1)), "keepdims", 1);
        String below = "total";
        if (smooth) {
            g.node("Neg", "minus_largest", List.of("largest"));
            g.node("Exp", "one_more", List.of("minus_largest"));
            below = g.node("Add", "all", List.of("one_more", "total"));
        }
        g.node("Div", "p1", List.of("e", below));
        g.matMul("seen1", "p1", "v1");
        g.transpose("joined1", "seen1", 0, 2, 1, 3);
        return g.reshape("out1", "joined1", 0, -1, WIDTH);
    }

    @Test
    void aSoftmaxMayBeWrittenOut() {
        causal();
        prove(
                written(masked(graph.scores(1, "x")), false),
                capture -> assertThat(head(capture, 0).sink()).isEqualTo(QkHead.NO_SINK));
    }

    @Test
    void aSmoothSoftmaxMayBeWrittenOut() {
        causal();
        prove(
                written(masked(graph.scores(1, "x")), true),
                capture -> assertThat(head(capture, 0).sink()).isZero());
    }

    @Test
    void aScaleAfterAnAddedMaskScalesTheMaskToo() {
        causal();
        graph.heads(1, "x");
        g.transpose("kt1", "k1", 0, 1, 3, 2);
        g.matMul("raw1", "q1", "kt1");
        String scores = graph.masked("LessOrEqual", "raw1", -3);
        g.node("Div", "scaled", List.of(scores, g.number("root", 2.5)));
        prove(
                graph.attended(1, "scaled"),
                capture -> {
                    AttentionMask mask = head(capture, 0).mask();
                    assertThat(mask.unbiased()).isFalse();
                    assertThat(mask.bias(3, 5)).isEqualTo(-3 / 2.5f);
                });
    }

    @Test
    void aMaskMayBeSubtracted() {
        causal();
        g.node("Greater", "later", List.of("columns", "rows"));
        g.node("Cast", "later_f", List.of("later"), "to", 1);
        g.node("Mul", "penalty", List.of("later_f", g.number("much", 1e9)));
        g.node("Sub", "masked", List.of(graph.scores(1, "x"), "penalty"));
        prove(
                graph.attended(1, "masked"),
                capture -> {
                    assertThat(head(capture, 0).mask().unbiased()).isTrue();
                    assertThat(head(capture, 0).mask().causal()).isTrue();
                });
    }

    @Test
    void aWindowIsReadAsARule() {
        causal();
        g.node("Sub", "back", List.of("rows", "columns"));
        g.node("Less", "near", List.of("back", g.constant("five", whole(5))));
        g.node("LessOrEqual", "past", List.of("columns", "rows"));
        g.node("And", "in_window", List.of("near", "past"));
        g.node(
                "Where",
                "masked",
                List.of("in_window", graph.scores(1, "x"), g.number("low", -1e9)));
        prove(
                graph.attended(1, "masked"),
                capture -> {
                    AttentionMask mask = head(capture, 0).mask();
                    assertThat(mask.unbiased()).isTrue();
                    assertThat(mask.firstKey(20)).isEqualTo(16);
                    assertThat(mask.endKey(20)).isEqualTo(21);
                });
    }

    private static TensorProto whole(long value) {
        return TensorProto.newBuilder().setDataType(GraphMaker.INT64).addInt64Data(value).build();
    }

    @Test
    void scoresOfRelativePositionsAreAddedToThoseOfContent() {
        String content = graph.scores(1, "x");
        g.matrix("places", 0.5, 1, HEADS, 8, 8);
        g.matMul("moved", "q1", "places");
        g.matMul("relative", "moved", "kt1");
        g.node("Mul", "half", List.of("relative", g.number("c2", 0.5)));
        g.node("Add", "both", List.of(content, "half"));
        prove(
                graph.attended(1, "both"),
                capture -> assertThat(head(capture, 0).mask().unbiased()).isFalse());
    }

    @Test
    void whatAMaskHidMayBecomeZeroOnceMore() {
        causal();
        g.node("Greater", "later", List.of("columns", "rows"));
        g.node("Where", "masked", List.of("later", g.number("low", -3e38), graph.scores(1, "x")));
        g.node("Softmax", "p_first", List.of("masked"), "axis", -1);
        g.node("Where", "p1", List.of("later", g.number("none", 0), "p_first"));
        g.matMul("seen1", "p1", "v1");
        g.transpose("joined1", "seen1", 0, 2, 1, 3);
        prove(
                g.reshape("out1", "joined1", 0, -1, WIDTH),
                capture -> assertThat(head(capture, 0).mask().causal()).isTrue());
    }

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
    void limitsThatOnlyGuardAgainstOverflowChangeNothing() {
        causal();
        String scores = masked(graph.scores(1, "x"));
        g.node(
                "Clip",
                "clipped",
                List.of(scores, g.number("least", -3e38), g.number("most", 3e38)));
        g.node("Min", "limited", List.of("clipped", g.number("top", 65504)));
        prove(
                graph.attended(1, "limited"),
                capture -> assertThat(head(capture, 0).mask().causal()).isTrue());
    }
}
