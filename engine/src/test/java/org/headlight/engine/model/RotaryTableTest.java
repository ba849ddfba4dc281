package org.headlight.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.headlight.engine.attention.GraphMaker;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.generate.Generation;
import org.headlight.engine.generate.GenerationListener;
import org.headlight.engine.generate.GenerationOptions;
import org.headlight.engine.generate.Sampling;
import org.headlight.engine.generate.StopReason;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.task.Progress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A decoder whose table of rotary embeddings is shorter than what is asked of it. */
class RotaryTableTest {
    private static final int HEADS = 2;
    private static final int D = 16;
    private static final int WIDTH = HEADS * D;
    private static final int ROWS = 24;
    private static final int PROMPT = 5;

    @TempDir private Path folder;

    /**
     * One layer of GroupQueryAttention.
     *
     * @param stated whether the graph says how long its table is
     */
    private Path decoder(boolean stated) {
        FusedGraph graph = new FusedGraph();
        GraphMaker g = graph.maker();
        g.input("attention_mask", GraphMaker.INT64, "batch", "total");
        g.integers("axis1", 1);
        g.node("ReduceSum", "tokens", List.of("attention_mask", "axis1"), "keepdims", 0);
        g.node("Sub", "last", List.of("tokens", "axis1"));
        g.node("Cast", "seqlens", List.of("last"), "to", GraphMaker.INT32);
        g.node("Shape", "mask_shape", List.of("attention_mask"));
        g.constant("one", FusedGraph.scalar(1));
        g.node("Gather", "total_long", List.of("mask_shape", "one"), "axis", 0);
        g.node("Cast", "total_int", List.of("total_long"), "to", GraphMaker.INT32);
        g.matrix("angles", 2, ROWS, D / 2);
        String angles = stated ? "angles" : g.node("Abs", "positive", List.of("angles"));
        g.node("Cos", "cos", List.of(angles));
        g.node("Sin", "sin", List.of(angles));
        List<String> in = new ArrayList<>();
        in.add(graph.flat("q", WIDTH));
        in.add(graph.flat("k", WIDTH));
        in.add(graph.flat("v", WIDTH));
        in.addAll(graph.cache(HEADS, D));
        in.addAll(List.of("seqlens", "total_int", "cos", "sin"));
        g.nodeOf(
                FusedGraph.MICROSOFT,
                "GroupQueryAttention",
                List.of("seen", "present.0.key", "present.0.value"),
                in,
                "num_heads",
                HEADS,
                "kv_num_heads",
                HEADS,
                "do_rotary",
                1);
        g.output("logits", GraphMaker.FLOAT, "batch", "n", FusedGraph.VOCABULARY);
        g.output("present.0.key", GraphMaker.FLOAT, "batch", HEADS, "t", D);
        g.output("present.0.value", GraphMaker.FLOAT, "batch", HEADS, "t", D);
        g.matMul("logits", "seen", g.matrix("head", 0.3, WIDTH, FusedGraph.VOCABULARY));
        g.node("Identity", FusedGraph.RESULT, List.of("seen"));
        return graph.write(folder);
    }

    private static Generation write(OnnxModel model, int most) {
        return model.generate(
                Models.tokens(PROMPT, FusedGraph.VOCABULARY),
                new GenerationOptions(most, Sampling.greedy(), true),
                GenerationListener.NONE,
                Progress.NONE);
    }

    @Test
    void aTextEndsWithTheTableAndIsWhole() {
        try (OnnxModel model = Models.open(decoder(true));
                Generation done = write(model, 100)) {
            assertThat(model.need(10).feeding()).isEqualTo(MemoryNeed.Feeding.CHUNKS);
            assertThat(done.stop()).isEqualTo(StopReason.POSITIONS);
            assertThat(done.problem()).isEmpty();
            assertThat(done.response()).hasSize(ROWS - PROMPT);
            assertThat(done.capture().tokens()).hasSize(ROWS);
        }
    }

    @Test
    void anInputThatIsLongerThanTheTableIsRefusedBeforeItRuns() {
        try (OnnxModel model = Models.open(decoder(true))) {
            assertThatThrownBy(() ->
                            model.capture(
                                    Models.tokens(ROWS + 1, FusedGraph.VOCABULARY), Progress.NONE))
                    .isInstanceOf(BadInputException.class)
                    .hasMessage(
                            "The input has 25 tokens, but made.onnx has positions for 24 only;"
                                    + " shorten it.");
        }
    }

    @Test
    void aTableOfUnknownLengthEndsATextWithoutLosingIt() {
        try (OnnxModel model = Models.open(decoder(false));
                Generation done = write(model, 100);
                Generation shorter = write(model, ROWS - PROMPT)) {
            assertThat(done.stop()).isEqualTo(StopReason.FAILED);
            assertThat(done.problem().orElseThrow())
                    .startsWith("made.onnx wrote no further than 20 tokens: its node ")
                    .contains(" stops: ")
                    .endsWith("; what it wrote is kept.");
            // The token after the last row is chosen, but cannot be read.
            assertThat(done.response()).hasSize(ROWS - PROMPT + 1);
            assertThat(done.ids().subList(0, ROWS - PROMPT)).isEqualTo(shorter.ids());
            assertThat(done.capture().tokens()).isEqualTo(shorter.capture().tokens());
            assertThat(done.capture().responseFrom()).isEqualTo(PROMPT);
            same(done, shorter);
        }
    }

    private static void same(Generation a, Generation b) {
        for (int h = 0; h < HEADS; h++) {
            NaiveAttention one = naive(a, h);
            NaiveAttention other = naive(b, h);
            for (int row = 0; row < ROWS; row++) {
                double[] p = one.probabilities(row);
                double[] r = other.probabilities(row);
                for (int key = 0; key < ROWS; key++) {
                    assertThat(Math.abs(p[key] - r[key])).isLessThan(1e-5);
                }
            }
        }
    }

    private static NaiveAttention naive(Generation done, int head) {
        return NaiveAttention.of((QkHead) done.capture().sites().getFirst().heads().get(head));
    }
}
