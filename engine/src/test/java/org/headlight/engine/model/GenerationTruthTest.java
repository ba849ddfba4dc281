package org.headlight.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OrtException;

import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.generate.GeneratedToken;
import org.headlight.engine.generate.Generation;
import org.headlight.engine.generate.GenerationListener;
import org.headlight.engine.generate.GenerationOptions;
import org.headlight.engine.generate.Sampling;
import org.headlight.engine.generate.StopReason;
import org.headlight.engine.matrix.Matrix;
import org.headlight.engine.onnx.SharedFiles;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.problem.CancelledException;
import org.headlight.engine.problem.TooLargeException;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.HuggingFaceTokens;
import org.headlight.engine.token.Token;
import org.headlight.engine.token.TokenIds;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What is written through the KV cache is what ONNX Runtime writes without one. */
class GenerationTruthTest {
    private static final int LONG = 128;
    private static final String QUESTION =
            "The secret number of the gray castle is 4821. Anna went out into the garden and looked"
                    + " at the sky for a long time.\n"
                    + "Question: What is the secret number of the gray castle? Answer:";

    private static GenerationOptions onAndOn(int tokens) {
        return new GenerationOptions(tokens, Sampling.greedy(), true);
    }

    private static List<Token> prompt(OnnxModel model, String text) {
        return model.tokenizer().orElseThrow().encode(text);
    }

    private static List<Integer> ids(List<Token> tokens) {
        return tokens.stream().map(Token::id).toList();
    }

    private static Generation write(OnnxModel model, List<Token> prompt, GenerationOptions how) {
        return model.generate(prompt, how, GenerationListener.NONE, Progress.NONE);
    }

    @Test
    void greedyIsTheWholeGraphTokenByToken() throws OrtException {
        try (OnnxModel model = Models.open(Models.demo());
                PlainDecoder plain = new PlainDecoder(Models.demo())) {
            Map<String, Integer> texts =
                    Map.of("It was a dark and stormy night", LONG, QUESTION, 30);
            for (Map.Entry<String, Integer> text : texts.entrySet()) {
                List<Token> prompt = prompt(model, text.getKey());
                int count = text.getValue();
                try (Generation ours = write(model, prompt, onAndOn(count))) {
                    assertThat(ours.ids().stream().mapToInt(i -> i).toArray())
                            .containsExactly(plain.greedy(ids(prompt), count));
                    assertThat(ours.stop()).isEqualTo(StopReason.MAX_TOKENS);
                    assertThat(ours.capture().tokens()).hasSize(prompt.size() + count);
                }
            }
        }
    }

    @Test
    void greedyIsTheSameAfterAPromptInChunks() throws OrtException {
        List<Token> prompt = Models.tokens(203, 1024);
        try (OnnxModel model =
                        OnnxModels.open(
                                Models.demo(),
                                ModelOptions.defaults().withChunkBytes(1),
                                Progress.NONE);
                PlainDecoder plain = new PlainDecoder(Models.demo());
                Generation ours = write(model, prompt, onAndOn(10))) {
            assertThat(ours.ids().stream().mapToInt(i -> i).toArray())
                    .containsExactly(plain.greedy(ids(prompt), 10));
        }
    }

    @Test
    void greedyIsTheSameWithoutACache() throws OrtException {
        try (OnnxModel model = Models.open(Models.demoWithoutCache());
                PlainDecoder plain = new PlainDecoder(Models.demoWithoutCache())) {
            List<Token> prompt = prompt(model, QUESTION);
            try (Generation ours = write(model, prompt, onAndOn(20))) {
                assertThat(ours.ids().stream().mapToInt(i -> i).toArray())
                        .containsExactly(plain.greedy(ids(prompt), 20));
                assertThat(ours.capture().responseFrom()).isEqualTo(prompt.size());
                assertThat(ours.capture().tokens()).hasSize(prompt.size() + 20);
            }
        }
    }

    @Test
    void greedyIsTheSameOnTheRandomGpt2() throws OrtException {
        Path folder = SharedFiles.shared("fixtures/genai/tiny-random-gpt2-fp32");
        List<Token> prompt = new TokenIds("past.onnx", 1_000).describe(new int[] {5, 17, 4, 900});
        try (OnnxModel model = opened(folder);
                PlainDecoder plain = new PlainDecoder(folder.resolve("past.onnx"));
                Generation ours = write(model, prompt, onAndOn(LONG))) {
            assertThat(ours.ids().stream().mapToInt(i -> i).toArray())
                    .containsExactly(plain.greedy(ids(prompt), LONG));
        }
    }

    private static OnnxModel opened(Path folder) {
        try {
            return Models.open(folder);
        } catch (BadInputException e) {
            return Assumptions.abort("skipped: " + e.getMessage());
        }
    }

    /** The demo model, for which a full stop ends the text. */
    private static OnnxModel endingAtAFullStop(Path folder) throws IOException {
        Files.copy(Models.demo(), folder.resolve("model.onnx"));
        Files.copy(SharedFiles.demo("tokenizer.json"), folder.resolve("tokenizer.json"));
        int stop;
        try (HuggingFaceTokens tokenizer =
                HuggingFaceTokens.open(SharedFiles.demo("tokenizer.json"))) {
            stop = tokenizer.encode("castle.").getLast().id();
        }
        Files.writeString(folder.resolve("config.json"), "{\"eos_token_id\": [2, " + stop + "]}");
        return Models.open(folder);
    }

    @Test
    void itAnswersAndStopsAtTheEndOfText(@TempDir Path folder) throws IOException {
        List<GeneratedToken> heard = new ArrayList<>();
        try (OnnxModel model = endingAtAFullStop(folder);
                Generation ours =
                        model.generate(
                                prompt(model, QUESTION),
                                GenerationOptions.greedy(64),
                                heard::add,
                                Progress.NONE)) {
            assertThat(ours.text().strip())
                    .isEqualTo("The secret number of the gray castle is 4821.");
            assertThat(heard).isEqualTo(ours.response());
            assertThat(ours.stop()).isEqualTo(StopReason.END_OF_TEXT);
            assertThat(ours.stepsPerSecond()).isPositive();
        }
    }

    @Test
    void everyRowIsWhatTheModelComputesOverPromptAndResponse() {
        try (OnnxModel model = Models.open(Models.demo());
                OwnProbabilities own = new OwnProbabilities(Models.demo(), false);
                Generation ours = write(model, prompt(model, QUESTION), onAndOn(65))) {
            Capture capture = ours.capture();
            int[] all = capture.tokens().stream().mapToInt(Token::id).toArray();

            assertThat(own.difference(capture, all, Map.of())).isLessThan(1e-5);
            assertThat(((QkHead) capture.sites().get(2).heads().get(1)).mask())
                    .isEqualTo(AttentionMask.causal(0));
            assertThat(capture.responseFrom()).isEqualTo(ours.promptTokens());
            assertThat(capture.tokens().get(ours.promptTokens()))
                    .isEqualTo(ours.response().getFirst().token());
        }
    }

    @Test
    void aResponseThatEndsEarlyGivesTheMapOfAPlainRun(@TempDir Path folder) throws IOException {
        try (OnnxModel model = endingAtAFullStop(folder);
                Generation ours =
                        write(model, prompt(model, QUESTION), GenerationOptions.greedy(500));
                Capture plain = model.capture(ours.capture().tokens(), Progress.NONE)) {
            assertThat(ours.stop()).isEqualTo(StopReason.END_OF_TEXT);
            assertThat(plain.tokens().size()).isLessThan(200);
            for (int s = 0; s < plain.sites().size(); s++) {
                for (int h = 0; h < 6; h++) {
                    QkHead x = (QkHead) ours.capture().sites().get(s).heads().get(h);
                    QkHead y = (QkHead) plain.sites().get(s).heads().get(h);
                    assertClose(x.q(), y.q());
                    assertClose(x.k(), y.k());
                    assertClose(Objects.requireNonNull(x.v()), Objects.requireNonNull(y.v()));
                }
            }
        }
    }

    private static void assertClose(Matrix a, Matrix b) {
        float[] x = new float[a.rows() * a.cols()];
        float[] y = new float[b.rows() * b.cols()];
        a.copyRows(0, a.rows(), x, 0);
        b.copyRows(0, b.rows(), y, 0);
        assertThat(x).hasSameSizeAs(y);
        for (int i = 0; i < x.length; i++) {
            assertThat(x[i]).isCloseTo(y[i], within(1e-4f));
        }
    }

    @Test
    void logProbabilitiesAreThoseOfTheModel() throws OrtException {
        try (OnnxModel model = Models.open(Models.demo());
                PlainDecoder plain = new PlainDecoder(Models.demo())) {
            List<Token> prompt = prompt(model, "It was");
            Sampling hot = new Sampling(1.5, 0, 1, 7);
            try (Generation ours = write(model, prompt, new GenerationOptions(9, hot, true))) {
                int[] all = ours.capture().tokens().stream().mapToInt(Token::id).toArray();
                for (GeneratedToken token : ours.response()) {
                    int at = token.token().position();
                    float[] logits = plain.last(all, at);
                    double sum = 0;
                    for (float logit : logits) {
                        sum += Math.exp(logit);
                    }
                    assertThat(token.logProbability())
                            .isCloseTo(logits[all[at]] - Math.log(sum), within(1e-4));
                }
            }
        }
    }

    @Test
    void theSameSeedGivesTheSameTextAndAnotherOneAnother() {
        try (OnnxModel model = Models.open(Models.demo())) {
            List<List<Integer>> texts = new ArrayList<>();
            for (long seed : new long[] {1, 1, 2}) {
                Sampling sampling = new Sampling(1, 40, 0.95, seed);
                try (Generation one =
                        write(
                                model,
                                prompt(model, "It was"),
                                new GenerationOptions(30, sampling, true))) {
                    texts.add(one.ids());
                }
            }
            assertThat(texts.get(0)).isEqualTo(texts.get(1)).isNotEqualTo(texts.get(2));
        }
    }

    @Test
    void aPromptOfOneTokenAndAResponseOfOneToken() throws OrtException {
        List<Token> prompt = new TokenIds("demo", 1024).describe(new int[] {1});
        try (OnnxModel model = Models.open(Models.demo());
                PlainDecoder plain = new PlainDecoder(Models.demo());
                Generation ours = write(model, prompt, GenerationOptions.greedy(1))) {
            assertThat(ours.ids()).containsExactly(plain.greedy(List.of(1), 1)[0]);
            assertThat(ours.capture().tokens()).hasSize(2);
            assertThat(ours.capture().responseFrom()).isEqualTo(1);
        }
    }

    @Test
    void cancellingKeepsWhatIsThere() {
        for (int keep : new int[] {1, 5}) {
            List<GeneratedToken> heard = new ArrayList<>();
            Progress progress = cancelledAfter(heard, keep);
            try (OnnxModel model = Models.open(Models.demo());
                    Generation ours =
                            model.generate(
                                    prompt(model, QUESTION), onAndOn(64), heard::add, progress);
                    OwnProbabilities own = new OwnProbabilities(Models.demo(), false)) {
                int[] all = ours.capture().tokens().stream().mapToInt(Token::id).toArray();

                assertThat(ours.response()).hasSize(keep).isEqualTo(heard);
                assertThat(ours.stop()).isEqualTo(StopReason.CANCELLED);
                assertThat(all).hasSize(ours.promptTokens() + keep);
                assertThat(own.difference(ours.capture(), all, Map.of())).isLessThan(1e-5);
            }
        }
    }

    private static Progress cancelledAfter(List<GeneratedToken> heard, int count) {
        return new Progress() {
            @Override
            public void at(double fraction, String stage) {}

            @Override
            public boolean cancelled() {
                return heard.size() >= count;
            }
        };
    }

    @Test
    void cancellingBeforeTheFirstTokenKeepsNothing() {
        try (OnnxModel model = Models.open(Models.demo())) {
            assertThatThrownBy(() ->
                            model.generate(
                                    prompt(model, QUESTION),
                                    onAndOn(4),
                                    GenerationListener.NONE,
                                    cancelledAfter(List.of(), 0)))
                    .isInstanceOf(CancelledException.class);
        }
    }

    @Test
    void anEncoderCannotWrite(@TempDir Path folder) throws IOException {
        try (OnnxModel model = Models.open(Models.miniLm(folder))) {
            String why =
                    "model.onnx cannot write text: its layer 0 also looks at later tokens, as"
                            + " encoders do; open a decoder.";
            assertThat(model.cannotGenerate()).contains(why);
            assertThatThrownBy(() -> write(model, Models.tokens(4, 1000), onAndOn(4)))
                    .isInstanceOf(BadInputException.class)
                    .hasMessage(why);
        }
    }

    @Test
    void aDecoderThatNeedsAnEncoderCannotWriteAlone() {
        try (OnnxModel model = Models.open(Models.moonshine("decoder_model_merged.onnx"))) {
            assertThat(model.cannotGenerate())
                    .contains(
                            "decoder_model_merged.onnx cannot write text: it needs"
                                + " encoder_hidden_states, which tokens cannot give; open a decoder"
                                + " that reads text alone.");
        }
    }

    @Test
    void whatWouldNotFitIsRefusedBeforehand() {
        FreeMemory little = memory(40_000_000);
        try (OnnxModel model =
                OnnxModels.open(Models.demo(), ModelOptions.defaults(), Progress.NONE, little)) {
            assertThatThrownBy(() ->
                            write(model, Models.tokens(3, 1024), GenerationOptions.greedy(90_000)))
                    .isInstanceOf(TooLargeException.class)
                    .hasMessageMatching(
                            "A prompt of 3 tokens and a response of up to 90,000 through"
                                + " model\\.onnx would need [0-9,]+ MB of memory \\([0-9,]+ MB to"
                                + " run, [0-9,]+ MB to keep\\), but 40 MB are available; the"
                                + " longest prompt and response that fit have [0-9,]+ tokens"
                                + " together\\.");
        }
    }

    private static FreeMemory memory(long bytes) {
        return new FreeMemory() {
            @Override
            public long machine() {
                return bytes;
            }

            @Override
            public long heap() {
                return bytes;
            }
        };
    }

    @Test
    void endTokensComeFromTheSideFiles(@TempDir Path folder) throws IOException {
        Files.copy(Models.demo(), folder.resolve("model.onnx"));
        ModelFiles files = ModelFiles.find(folder);
        assertThat(EndTokens.read(files)).isEmpty();

        Files.writeString(
                folder.resolve("genai_config.json"), "{\"model\": {\"eos_token_id\": [7, 98]}}");
        assertThat(EndTokens.read(files)).containsExactlyInAnyOrder(7, 98);

        Files.writeString(
                folder.resolve("config.json"), "{\"text_config\": {\"eos_token_id\": 5}}");
        assertThat(EndTokens.read(files)).containsExactly(5);

        Files.writeString(folder.resolve("generation_config.json"), "{\"eos_token_id\": [1, 3]}");
        assertThat(EndTokens.read(files)).containsExactlyInAnyOrder(1, 3);

        Files.writeString(folder.resolve("generation_config.json"), "{\"eos_token_id\"");
        assertThat(EndTokens.read(files)).containsExactly(5);
    }
}
