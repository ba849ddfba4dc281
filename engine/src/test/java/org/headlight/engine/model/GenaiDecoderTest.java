package org.headlight.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;

import org.headlight.engine.attention.GraphMaker;
import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.cut.UncuttableException;
import org.headlight.engine.generate.Generation;
import org.headlight.engine.generate.GenerationListener;
import org.headlight.engine.generate.GenerationOptions;
import org.headlight.engine.generate.Sampling;
import org.headlight.engine.onnx.proto.Onnx.NodeProto;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * A decoder as onnxruntime-genai writes it: packed projections, queries and keys normalised before
 * GroupQueryAttention, lengths computed from the attention mask, layers in turn with a window and
 * without, and projections in 4 bits.
 */
class GenaiDecoderTest {
    private static final int HEADS = 4;
    private static final int KV = 2;
    private static final int D = 16;
    private static final int WIDTH = HEADS * D;
    private static final int WINDOW = 6;
    private static final int TOKENS = 45;

    @TempDir private Path folder;

    private final FusedGraph graph = new FusedGraph();
    private final GraphMaker g = graph.maker();

    private void lengths() {
        g.input("attention_mask", GraphMaker.INT64, "batch", "total");
        g.integers("axis1", 1);
        g.node("ReduceSum", "tokens", List.of("attention_mask", "axis1"), "keepdims", 0);
        g.node("Sub", "last", List.of("tokens", "axis1"));
        g.node("Cast", "seqlens", List.of("last"), "to", GraphMaker.INT32);
        g.node("Shape", "mask_shape", List.of("attention_mask"));
        g.constant("one", FusedGraph.scalar(1));
        g.node("Gather", "total_long", List.of("mask_shape", "one"), "axis", 0);
        g.node("Cast", "total_int", List.of("total_long"), "to", GraphMaker.INT32);
        g.matrix("angles", 2, 128, D / 2);
        g.node("Cos", "cos", List.of("angles"));
        g.node("Sin", "sin", List.of("angles"));
    }

    private String normalised(String name, String from, int heads) {
        g.reshape(name + "_rows", from, 0, 0, heads, D);
        g.matrix(name + "_norm", 1, D);
        List<String> in = List.of(name + "_rows", name + "_norm");
        g.node("SimplifiedLayerNormalization", name + "_normed", in, "axis", -1, "epsilon", 1e-6f);
        return g.reshape(name, name + "_normed", 0, 0, (long) heads * D);
    }

    private String layer(int layer, String from) {
        String at = "_" + layer;
        g.matMul("qkv" + at, from, g.matrix("w" + at, 0.25, WIDTH, WIDTH + 2L * KV * D));
        String sizes = g.integers("sizes" + at, WIDTH, (long) KV * D, (long) KV * D);
        g.nodeOf(
                "",
                "Split",
                List.of("qs" + at, "ks" + at, "vs" + at),
                List.of("qkv" + at, sizes),
                "axis",
                2);
        for (String part : List.of("key", "value")) {
            String past = "past_key_values." + layer + "." + part;
            g.input(past, GraphMaker.FLOAT, "batch", KV, "past_sequence_length", D);
        }
        String present = "present." + layer;
        g.nodeOf(
                FusedGraph.MICROSOFT,
                "GroupQueryAttention",
                List.of("seen" + at, present + ".key", present + ".value"),
                List.of(
                        normalised("q" + at, "qs" + at, HEADS),
                        normalised("k" + at, "ks" + at, KV),
                        "vs" + at,
                        "past_key_values." + layer + ".key",
                        "past_key_values." + layer + ".value",
                        "seqlens",
                        "total_int",
                        "cos",
                        "sin"),
                "num_heads",
                HEADS,
                "kv_num_heads",
                KV,
                "do_rotary",
                1,
                "local_window_size",
                layer == 0 ? WINDOW : -1);
        g.output(present + ".key", GraphMaker.FLOAT, "batch", KV, "t", D);
        g.output(present + ".value", GraphMaker.FLOAT, "batch", KV, "t", D);
        g.bytes("o_bits" + at, true, 9, WIDTH, WIDTH / 32, 16);
        g.matrix("o_scales" + at, 0.05, WIDTH * (WIDTH / 32L));
        g.nodeOf(
                FusedGraph.MICROSOFT,
                "MatMulNBits",
                "projected" + at,
                List.of("seen" + at, "o_bits" + at, "o_scales" + at),
                "K",
                WIDTH,
                "N",
                WIDTH,
                "bits",
                4,
                "block_size",
                32);
        return g.node("Add", "out" + at, List.of(from, "projected" + at));
    }

    private Path decoder() {
        g.output("logits", GraphMaker.FLOAT, "batch", "n", FusedGraph.VOCABULARY);
        lengths();
        String last = layer(1, layer(0, graph.flat("x", WIDTH)));
        g.matMul("logits", last, g.matrix("head", 0.3, WIDTH, FusedGraph.VOCABULARY));
        g.node("Identity", FusedGraph.RESULT, List.of(last));
        return graph.write(folder);
    }

    @Test
    void aDecoderOfTwoLayersIsTheModelsOwn() {
        try (OnnxModel model = Models.open(decoder())) {
            assertThat(model.info().unsupported()).isEmpty();
            assertThat(model.info().sites())
                    .extracting(s -> s.layer() + " " + s.kind() + " " + s.form() + " " + s.causal())
                    .containsExactly(
                            "0 SELF GroupQueryAttention true", "1 SELF GroupQueryAttention true");
            assertThat(model.info().sites())
                    .allMatch(s -> s.heads() == HEADS && s.kvHeads() == KV && s.headDim() == D);
            assertThat(model.need(100).feeding()).isEqualTo(MemoryNeed.Feeding.CHUNKS);
            ModelCheck check = model.check(TOKENS);
            assertThat(check.tokens()).isEqualTo(TOKENS);
            assertThat(check.maxAbsProbabilityDiff()).isLessThan(1e-5);
        }
    }

    /** Its keys and values are outputs of the graph, for the next step. */
    @Test
    void inPiecesTheRuntimeComputesNoAttention() throws UncuttableException {
        try (Pieces model = Pieces.open(decoder())) {
            assertThat(model.cutGraph(model.sites()).segments())
                    .flatExtracting(segment -> segment.body().getNodeList())
                    .extracting(NodeProto::getOpType)
                    .contains("MatMulNBits")
                    .doesNotContain("GroupQueryAttention");
        }
    }

    @Test
    void chunksGiveTheSameCaptureAsOnePiece() {
        Path file = decoder();
        try (OnnxModel whole = Models.open(file);
                OnnxModel chunked =
                        OnnxModels.open(
                                file, ModelOptions.defaults().withChunkBytes(1), Progress.NONE);
                Capture a =
                        whole.capture(Models.tokens(TOKENS, FusedGraph.VOCABULARY), Progress.NONE);
                Capture b =
                        chunked.capture(
                                Models.tokens(TOKENS, FusedGraph.VOCABULARY), Progress.NONE)) {
            for (int layer = 0; layer < 2; layer++) {
                AttentionMask rule =
                        layer == 0 ? AttentionMask.window(0, WINDOW) : AttentionMask.causal(0);
                for (int h = 0; h < HEADS; h++) {
                    QkHead x = (QkHead) a.sites().get(layer).heads().get(h);
                    QkHead y = (QkHead) b.sites().get(layer).heads().get(h);
                    assertThat(x.mask()).isEqualTo(rule);
                    assertThat(y.mask()).isEqualTo(rule);
                    NaiveAttention one = NaiveAttention.of(x);
                    NaiveAttention other = NaiveAttention.of(y);
                    for (int row = 0; row < TOKENS; row++) {
                        double[] p = one.probabilities(row);
                        double[] r = other.probabilities(row);
                        for (int key = 0; key < TOKENS; key++) {
                            assertThat(Math.abs(p[key] - r[key])).isLessThan(1e-4);
                        }
                    }
                }
            }
        }
    }

    /** Beyond the window, one token a step, the cache must go on as one piece does. */
    @Test
    void greedyTextIsThatOfTheRuntimeAlone() throws OrtException {
        Path file = decoder();
        List<Token> prompt = Models.tokens(9, FusedGraph.VOCABULARY);
        GenerationOptions how = new GenerationOptions(40, Sampling.greedy(), true);
        try (OnnxModel model = Models.open(file);
                PlainDecoder plain = new PlainDecoder(file);
                Generation ours =
                        model.generate(prompt, how, GenerationListener.NONE, Progress.NONE)) {
            int[] expected = plain.greedy(prompt.stream().map(Token::id).toList(), 40);
            assertThat(ours.ids().stream().mapToInt(i -> i).toArray()).containsExactly(expected);
            assertThat(Arrays.stream(expected).distinct().count()).isGreaterThan(3);
            QkHead head = (QkHead) ours.capture().sites().getFirst().heads().getFirst();
            assertThat(head.mask()).isEqualTo(AttentionMask.window(0, WINDOW));
        }
    }
}
