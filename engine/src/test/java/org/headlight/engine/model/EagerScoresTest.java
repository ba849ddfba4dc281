package org.headlight.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.capture.RelativeMask;
import org.junit.jupiter.api.Test;

import java.util.List;

/** Everything that happens between the product of queries and keys, and the values. */
class EagerScoresTest extends FormProof {
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

    @Test
    void slopesByDistanceAreOneNumberADistance() {
        causal();
        g.node("Sub", "back", List.of("columns", "rows"));
        g.node("Cast", "back_f", List.of("back"), "to", 1);
        g.node("Mul", "slopes", List.of("back_f", g.matrix("slope", 0.3, HEADS, 1, 1)));
        g.node("Add", "sloped", List.of(graph.scores(1, "x"), "slopes"));
        prove(
                graph.attended(1, masked("sloped")),
                capture -> {
                    assertThat(head(capture, 0).mask()).isInstanceOf(RelativeMask.class);
                    assertThat(head(capture, 1).mask()).isInstanceOf(RelativeMask.class);
                    assertThat(head(capture, 1).mask().causal()).isTrue();
                });
    }

    @Test
    void slopesByKeyAloneAreOneNumberAKey() {
        causal();
        g.node("Cast", "columns_f", List.of("columns"), "to", 1);
        g.node("Mul", "slopes", List.of("columns_f", g.matrix("slope", 0.3, HEADS, 1, 1)));
        g.node("Add", "sloped", List.of("slopes", graph.scores(1, "x")));
        prove(
                graph.attended(1, masked("sloped")),
                capture -> assertThat(head(capture, 1).mask().causal()).isTrue());
    }

    /** The bias of T5: a learned number for each bucket of distances and each head. */
    @Test
    void learnedBucketsOfDistancesAreOneNumberADistance() {
        causal();
        g.node("Sub", "back", List.of("rows", "columns"));
        g.node("Abs", "far", List.of("back"));
        g.node("Min", "bucket", List.of("far", g.constant("seven", whole(7))));
        g.node("Gather", "learned", List.of(g.matrix("buckets", 1, 8, HEADS), "bucket"), "axis", 0);
        g.transpose("by_head", "learned", 2, 0, 1);
        g.node("Unsqueeze", "bias", List.of("by_head", "ax0"));
        graph.heads(1, "x");
        g.transpose("kt1", "k1", 0, 1, 3, 2);
        g.matMul("raw1", "q1", "kt1");
        g.node("Add", "biased", List.of("raw1", "bias"));
        prove(
                graph.attended(1, "biased"),
                capture -> {
                    assertThat(head(capture, 0).scale()).isEqualTo(1);
                    assertThat(head(capture, 0).mask()).isInstanceOf(RelativeMask.class);
                    assertThat(head(capture, 0).mask().causal()).isFalse();
                });
    }
}
