package org.headlight.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.headlight.engine.attention.AttentionSite;
import org.headlight.engine.attention.GraphMaker;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.cut.CutGraph;
import org.headlight.engine.cut.SeamHooks;
import org.headlight.engine.cut.UncuttableException;
import org.headlight.engine.onnx.SharedFiles;
import org.headlight.engine.onnx.proto.Onnx.NodeProto;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.problem.CancelledException;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

class CutModelTest {
    private static final int[] LENGTHS = {1, 2, 63, 64, 65, 300};

    @TempDir private Path folder;

    @Test
    void piecesOfTheEmbeddedModelGiveWhatTheWholeGives() throws UncuttableException {
        sameAtEveryLength(Models.demo());
    }

    @Test
    void piecesOfAModelWithoutACacheGiveWhatTheWholeGives() throws UncuttableException {
        sameAtEveryLength(Models.demoWithoutCache());
    }

    @Test
    void piecesOfAnEncoderGiveWhatTheWholeGives() throws IOException, UncuttableException {
        sameAtEveryLength(Models.miniLm(folder).resolve("model.onnx"));
    }

    @Test
    void piecesOfAFixtureWithFusedAttentionGiveWhatTheWholeGives() throws UncuttableException {
        sameAtEveryLength(SharedFiles.shared("fixtures/genai/tiny-random-gpt2-fp32/past.onnx"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "fusion-tools__gpt2_past.onnx",
                "fusion-tools__gpt2_attention_no_past_opt.onnx",
                "testdata__attention_mask2d_fp32.onnx",
                "testdata__attention_past_state.u8s8.onnx",
                "testdata__transform__fusion__attention_past_no_unidir.onnx",
                "testdata__transform__fusion__gpt2_one_layer.onnx"
            })
    void fixturesRunInPieces(String file) {
        Path path = SharedFiles.shared("fixtures/graphs/" + file);
        try (OnnxModel model = Models.open(path)) {
            ModelCheck check = model.check(8);
            assertThat(check.wholeReason()).isEmpty();
            assertThat(check.path()).isEqualTo("cut");
            assertThat(check.maxAbsLogitDiff()).isLessThan(1e-4);
        }
    }

    /** All its weights are 1, so that a norm divides the rounding of equal numbers by itself. */
    @Test
    void whatDiffersFromTheWholeIsNotUsed() {
        Path path = SharedFiles.shared("fixtures/graphs/fusion-tools__attention_opt.onnx");
        try (OnnxModel model = Models.open(path)) {
            ModelCheck check = model.check(8);
            assertThat(check.path()).isEqualTo("whole");
            assertThat(check.maxAbsLogitDiff()).isZero();
            assertThat(check.wholeReason())
                    .matches(
                            "its result in pieces differs from that of the whole by 0\\.\\d+, more"
                                    + " than 0\\.00100");
        }
    }

    private static void sameAtEveryLength(Path file) throws UncuttableException {
        try (Pieces model = Pieces.open(file);
                CutModel cut = model.cut(model.sites())) {
            assertThat(cut.difference()).isLessThan(1e-4);
            for (int length : LENGTHS) {
                int[] ids = model.ids(length);
                CutOutcome outcome = run(cut, ids, CutOutcome.Wanted.LOGITS);
                assertThat(
                                Pieces.difference(
                                        Pieces.cells(outcome.logits().orElseThrow()),
                                        model.whole(ids)))
                        .as("%d tokens", length)
                        .isLessThan(1e-4);
            }
        }
    }

    private static CutOutcome run(CutModel cut, int[] ids, CutOutcome.Wanted wanted)
            throws UncuttableException {
        return cut.run(ids, RunRecorder.frames(ids.length), SeamHooks.NONE, wanted, Progress.NONE);
    }

    @Test
    void anySubsetOfSitesCanBeCut() throws UncuttableException {
        try (Pieces model = Pieces.open(Models.demo())) {
            int[] ids = model.ids(17);
            float[] whole = model.whole(ids);
            for (int subset = 1; subset < 1 << model.sites().size(); subset++) {
                List<AttentionSite> chosen = new ArrayList<>();
                for (int i = 0; i < model.sites().size(); i++) {
                    if ((subset >> i & 1) != 0) {
                        chosen.add(model.sites().get(i));
                    }
                }
                try (CutModel cut = model.cut(chosen)) {
                    CutOutcome outcome = run(cut, ids, CutOutcome.Wanted.LOGITS);
                    float[] mine = Pieces.cells(outcome.logits().orElseThrow());
                    assertThat(Pieces.difference(mine, whole))
                            .as("sites %s", Integer.toBinaryString(subset))
                            .isLessThan(1e-4);
                }
            }
        }
    }

    @Test
    void attentionOfCutSitesIsGoneFromThePiecesAndTheOthersStay() throws UncuttableException {
        try (Pieces model = Pieces.open(Models.demo())) {
            List<AttentionSite> sites = model.sites();
            assertThat(softmaxes(model.cutGraph(sites.subList(1, 3)))).isEqualTo(2);
            assertThat(softmaxes(model.cutGraph(sites))).isZero();
        }
    }

    private static long softmaxes(CutGraph cut) {
        return cut.segments().stream()
                .flatMap(segment -> segment.body().getNodeList().stream())
                .filter(node -> node.getOpType().equals("Softmax"))
                .count();
    }

    @Test
    void masksThatAreRulesAreNotComputed() throws UncuttableException {
        try (Pieces model = Pieces.open(Models.demo());
                CutModel cut = model.cut(model.sites())) {
            assertThat(cut.masksAreRules(32_768)).isTrue();
            String mask = model.sites().getFirst().mask().getFirst().tensor();
            Map<String, MaskRule> rules =
                    model.sites().stream()
                            .collect(
                                    Collectors.toMap(
                                            AttentionSite::node, s -> new MaskRule(true, 0)));
            CutGraph pieces = model.cutGraph(MaskRules.without(model.sites(), rules));
            Set<String> made =
                    pieces.segments().stream()
                            .flatMap(segment -> segment.body().getNodeList().stream())
                            .map(NodeProto::getOutputList)
                            .flatMap(List::stream)
                            .collect(Collectors.toSet());
            assertThat(made).doesNotContain(mask);
        }
    }

    @Test
    void whatPassesTheSeamIsWhatTheWholeCaptures() {
        try (OnnxModel model = Models.open(Models.demo())) {
            List<Token> tokens = Models.tokens(65, model.info().vocabulary());
            CutOutcome outcome =
                    model.run(tokens, SeamHooks.NONE, CutOutcome.Wanted.BOTH, Progress.NONE);
            try (Capture pieces = outcome.capture().orElseThrow();
                    Capture whole = model.capture(tokens, Progress.NONE)) {
                same(pieces, whole);
                assertThat(outcome.logits().orElseThrow().rows()).isEqualTo(65);
                assertThat(pieces.tokens()).isEqualTo(tokens);
                assertThat(pieces.bytes()).isEqualTo(whole.bytes());
            }
        }
    }

    @Test
    void aRunInPiecesLeavesTheLogSumExpOfEveryRow() {
        try (OnnxModel model = Models.open(Models.demo())) {
            List<Token> tokens = Models.tokens(65, model.info().vocabulary());
            CutOutcome outcome =
                    model.run(tokens, SeamHooks.NONE, CutOutcome.Wanted.BOTH, Progress.NONE);
            try (Capture capture = outcome.capture().orElseThrow()) {
                for (SiteCapture site : capture.sites()) {
                    for (HeadAttention head : site.heads()) {
                        logSumExpIsThatOfItsScores((QkHead) head);
                    }
                }
            }
        }
    }

    private static void logSumExpIsThatOfItsScores(QkHead head) {
        float[] lse = Pieces.cells(Objects.requireNonNull(head.lse()));
        double[][] q = NaiveAttention.rows(head.q());
        double[][] k = NaiveAttention.rows(head.k());
        for (int row = 0; row < head.rows(); row++) {
            double sum = 0;
            for (int key = 0; key <= row; key++) {
                double score = 0;
                for (int c = 0; c < q[row].length; c++) {
                    score += q[row][c] * k[key][c];
                }
                sum += Math.exp(score * head.scale());
            }
            assertThat((double) lse[row]).isCloseTo(Math.log(sum), within(1e-4));
        }
    }

    @Test
    void encoderStatesCrossToEveryLayerOfADecoder() throws IOException {
        Path file = Models.moonshine("decoder_model_merged.onnx");
        Map<String, InputTensor> speech = Map.of("input_values", Models.speech(16_000));
        InputTensor states = EncoderStates.of(Models.moonshine("encoder_model.onnx"), speech);
        try (OnnxModel model = Models.open(file)) {
            Map<String, InputTensor> inputs =
                    Map.of(
                            "input_ids",
                            InputTensor.longs(new long[] {1, 17, 923, 4, 57}, 1, 5),
                            "encoder_hidden_states",
                            states);
            CutOutcome outcome =
                    model.run(inputs, SeamHooks.NONE, CutOutcome.Wanted.BOTH, Progress.NONE);
            try (Capture pieces = outcome.capture().orElseThrow();
                    Capture whole = model.capture(inputs, Progress.NONE)) {
                assertThat(pieces.sites()).hasSize(12);
                for (int i = 0; i < pieces.sites().size(); i++) {
                    // Its weights have 8 bits: what is rounded on the way differs by steps.
                    assertThat(off(pieces.sites().get(i), whole.sites().get(i))).isLessThan(0.05);
                }
            }
        }
    }

    private static void same(Capture a, Capture b) {
        assertThat(a.sites()).hasSameSizeAs(b.sites());
        for (int i = 0; i < a.sites().size(); i++) {
            SiteCapture mine = a.sites().get(i);
            SiteCapture other = b.sites().get(i);
            assertThat(mine.node()).isEqualTo(other.node());
            assertThat(mine.kvHeads()).isEqualTo(other.kvHeads());
            assertThat(off(mine, other)).as(mine.node()).isLessThan(1e-5);
            QkHead head = (QkHead) mine.heads().getFirst();
            QkHead same = (QkHead) other.heads().getFirst();
            assertThat(head.scale()).isEqualTo(same.scale());
            for (int row = 0; row < head.rows(); row++) {
                assertThat(head.mask().firstKey(row)).isEqualTo(same.mask().firstKey(row));
                assertThat(head.mask().endKey(row)).isEqualTo(same.mask().endKey(row));
            }
        }
    }

    /** Largest difference of queries, keys and values, as a part of the largest of each. */
    private static double off(SiteCapture a, SiteCapture b) {
        double off = 0;
        for (int h = 0; h < a.heads().size(); h++) {
            QkHead x = (QkHead) a.heads().get(h);
            QkHead y = (QkHead) b.heads().get(h);
            off = Math.max(off, part(Pieces.cells(x.q()), Pieces.cells(y.q())));
            off = Math.max(off, part(Pieces.cells(x.k()), Pieces.cells(y.k())));
            off =
                    Math.max(
                            off,
                            part(
                                    Pieces.cells(Objects.requireNonNull(x.v())),
                                    Pieces.cells(Objects.requireNonNull(y.v()))));
        }
        return off;
    }

    private static double part(float[] a, float[] b) {
        double largest = 1e-9;
        for (float value : b) {
            largest = Math.max(largest, Math.abs(value));
        }
        return Pieces.difference(a, b) / largest;
    }

    @Test
    void theCheckOfAModelGoesThroughThePieces() {
        try (OnnxModel model = Models.open(Models.demo())) {
            ModelCheck check = model.check(8);
            assertThat(check.path()).isEqualTo("cut");
            assertThat(check.wholeReason()).isEmpty();
            assertThat(check.maxAbsLogitDiff()).isBetween(1e-9, 1e-4);
        }
    }

    /** A sequence is made before the attention and read after it. */
    @Test
    void whatIsNoTensorCannotCrossACut() {
        TextGraph graph = TextGraph.text();
        GraphMaker g = graph.maker();
        g.node("SplitToSequence", "parts", List.of("x"), "axis", 1, "keepdims", 1);
        g.node("ConcatFromSequence", "again", List.of("parts"), "axis", 1);
        String scores = graph.scores(1, "again");
        graph.attended(1, scores);
        g.node("SequenceLength", "length", List.of("parts"));
        g.node("Cast", "length_f", List.of("length"), "to", GraphMaker.FLOAT);
        g.node("Mul", "late", List.of("out1", "length_f"));
        g.node("ConcatFromSequence", "joined", List.of("parts"), "axis", 1);
        g.node("Mul", "gate", List.of("late", "joined"));
        Path file = graph.write(folder, "gate");
        try (OnnxModel model = Models.open(file)) {
            assertThatThrownBy(() ->
                            model.run(
                                    Models.tokens(5, TextGraph.VOCABULARY),
                                    SeamHooks.NONE,
                                    CutOutcome.Wanted.LOGITS,
                                    Progress.NONE))
                    .isInstanceOf(BadInputException.class)
                    .hasMessage(
                            "made.onnx cannot be cut at its attention (the value parts, which"
                                + " crosses a cut, is not a tensor); its heads can be looked at,"
                                + " but not changed.");
            ModelCheck check = model.check(8);
            assertThat(check.path()).isEqualTo("whole");
            assertThat(check.wholeReason())
                    .isEqualTo("the value parts, which crosses a cut, is not a tensor");
        }
    }

    @Test
    void aCancelledRunEndsAndTheNextOneRuns() throws UncuttableException {
        Progress cancelled =
                new Progress() {
                    @Override
                    public void at(double fraction, String stage) {}

                    @Override
                    public boolean cancelled() {
                        return true;
                    }
                };
        try (OnnxModel model = Models.open(Models.demo())) {
            List<Token> tokens = Models.tokens(20, model.info().vocabulary());
            assertThatThrownBy(() ->
                            model.run(tokens, SeamHooks.NONE, CutOutcome.Wanted.BOTH, cancelled))
                    .isInstanceOf(CancelledException.class);
            assertThat(
                            model.run(
                                            tokens,
                                            SeamHooks.NONE,
                                            CutOutcome.Wanted.LOGITS,
                                            Progress.NONE)
                                    .logits())
                    .isPresent();
        }
    }
}
