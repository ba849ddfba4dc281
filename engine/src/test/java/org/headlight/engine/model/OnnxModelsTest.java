package org.headlight.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.headlight.engine.attention.SiteKind;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.problem.CancelledException;
import org.headlight.engine.problem.TooLargeException;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

class OnnxModelsTest {
    @TempDir private Path folder;

    private Path demoFolder() throws IOException {
        Files.copy(Models.demo(), folder.resolve("model.onnx"));
        for (String file : new String[] {"tokenizer.json", "config.json"}) {
            Files.copy(Models.demo().resolveSibling(file), folder.resolve(file));
        }
        return folder;
    }

    private static void assertBad(Path path, String message) {
        assertThatThrownBy(() -> Models.open(path))
                .isInstanceOf(BadInputException.class)
                .hasMessage(message);
    }

    @Test
    void aFolderIsOpenedWithItsTokenizerAndConfiguration() throws IOException {
        try (OnnxModel model = Models.open(demoFolder())) {
            ModelInfo info = model.info();

            assertThat(info.name()).isEqualTo(folder.getFileName().toString());
            assertThat(info.file()).isEqualTo(folder.resolve("model.onnx"));
            assertThat(info.hash()).matches("[0-9a-f]{12}");
            assertThat(info.sites())
                    .hasSize(4)
                    .allSatisfy(site -> {
                        assertThat(site.kind()).isEqualTo(SiteKind.SELF);
                        assertThat(site.heads()).isEqualTo(6);
                        assertThat(site.kvHeads()).isEqualTo(3);
                        assertThat(site.headDim()).isEqualTo(32);
                        assertThat(site.causal()).isTrue();
                    });
            assertThat(info.unsupported()).isEmpty();
            assertThat(info.cached()).isTrue();
            assertThat(info.vocabulary()).isEqualTo(1024);
            assertThat(info.maxPositions()).isEqualTo(1024);
            assertThat(info.inputs().getFirst())
                    .isEqualTo(
                            new ModelInfo.Input(
                                    "input_ids", "int64", "[batch_size, sequence_length]"));
            assertThat(info.inputs()).hasSize(11);
            assertThat(model.tokenizer()).isPresent();
            assertThat(model.tokenizer().orElseThrow().encode("The sea")).hasSizeBetween(3, 6);
        }
    }

    @Test
    void nothingIsWrittenBesideTheModel() throws IOException {
        demoFolder();
        try (OnnxModel model = Models.open(folder);
                Capture capture = model.capture(Models.tokens(9, 1024), Progress.NONE)) {
            assertThat(capture.info().form()).isEqualTo("eager");
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(f -> f.getFileName().toString()))
                    .containsExactlyInAnyOrder("model.onnx", "tokenizer.json", "config.json");
        }
    }

    @Test
    void theInstrumentedGraphDoesWhatTheFileDoes(@TempDir Path other) throws IOException {
        for (Path path : List.of(Models.demo(), Models.demoWithoutCache(), Models.miniLm(other))) {
            try (OnnxModel model = Models.open(path)) {
                ModelCheck check = model.check(33);

                assertThat(check.tokens()).isEqualTo(33);
                assertThat(check.path()).isEqualTo("cut");
                assertThat(check.maxAbsLogitDiff()).isLessThan(1e-3);
                assertThat(check.maxAbsProbabilityDiff()).isBetween(1e-12, 1e-5);
            }
        }
    }

    @Test
    void modelsThatReadNoTokensAreCheckedToo() {
        for (String file : new String[] {"encoder_model.onnx", "decoder_model_merged.onnx"}) {
            try (OnnxModel model = Models.open(Models.moonshine(file))) {
                assertThat(model.info().sites())
                        .allSatisfy(site -> assertThat(site.heads()).isEqualTo(8));
                ModelCheck check = model.check(9);
                // Weights of 8 bits: the smallest difference before moves steps of rounding.
                assertThat(check.path()).isEqualTo("cut");
                assertThat(check.maxAbsLogitDiff()).isBetween(1e-9, 0.5);
                assertThat(check.maxAbsProbabilityDiff()).isBetween(1e-12, 1e-5);
            }
        }
    }

    @Test
    void anInputThatTokensCannotGiveIsNamed() {
        try (OnnxModel model = Models.open(Models.moonshine("encoder_model.onnx"))) {
            assertThatThrownBy(() -> model.capture(Models.tokens(9, 100), Progress.NONE))
                    .isInstanceOf(BadInputException.class)
                    .hasMessage(
                            "encoder_model.onnx needs input_values (float32 [batch_size,"
                                    + " num_samples]), which tokens cannot give; open a model that"
                                    + " reads text.");
        }
    }

    @Test
    void whatATextCannotGiveIsKnownBeforeARun() {
        try (OnnxModel model = Models.open(Models.moonshine("encoder_model.onnx"))) {
            assertThat(model.needs()).containsExactly("input_values");
        }
        try (OnnxModel model = Models.open(Models.moonshine("decoder_model_merged.onnx"))) {
            assertThat(model.needs()).containsExactly("encoder_hidden_states");
        }
    }

    @Test
    void tensorsOfTheWrongNameOrShapeAreRefused() {
        try (OnnxModel model = Models.open(Models.moonshine("encoder_model.onnx"))) {
            assertThatThrownBy(() ->
                            model.capture(
                                    Map.of("sound", InputTensor.floats(new float[4], 1, 4)),
                                    Progress.NONE))
                    .isInstanceOf(BadInputException.class)
                    .hasMessage("encoder_model.onnx has no input sound; it has input_values.");
            assertThatThrownBy(() ->
                            model.capture(
                                    Map.of("input_values", InputTensor.floats(new float[4], 4)),
                                    Progress.NONE))
                    .isInstanceOf(BadInputException.class)
                    .hasMessage(
                            "The input input_values of encoder_model.onnx has the shape"
                                    + " [batch_size, num_samples], but it was given [4].");
            assertThatThrownBy(() ->
                            model.capture(
                                    Map.of(
                                            "input_values",
                                            InputTensor.floats(new float[64_000], 2, 32_000)),
                                    Progress.NONE))
                    .isInstanceOf(BadInputException.class)
                    .hasMessageContaining("so give the model one input at a time.");
        }
    }

    @ParameterizedTest
    @CsvSource({"1024", "-1"})
    void aTokenOutsideTheVocabularyIsRefused(int id) {
        try (OnnxModel model = Models.open(Models.demo())) {
            List<Token> tokens =
                    List.of(new Token(0, 1, "<s>", true), new Token(1, id, "#" + id, false));
            assertThatThrownBy(() -> model.capture(tokens, Progress.NONE))
                    .isInstanceOf(BadInputException.class)
                    .hasMessage(
                            "Token "
                                    + id
                                    + " at position 1 is outside the vocabulary of model.onnx; use"
                                    + " ids from 0 to 1023.");
        }
    }

    @Test
    void anEmptyInputIsRefused() {
        try (OnnxModel model = Models.open(Models.demo())) {
            assertThatThrownBy(() -> model.capture(List.of(), Progress.NONE))
                    .isInstanceOf(BadInputException.class)
                    .hasMessage("The input has no tokens; give model.onnx at least one.");
        }
    }

    @Test
    void aTextLongerThanThePositionTableIsRefused() throws IOException {
        try (OnnxModel model = Models.open(Models.miniLm(folder))) {
            assertThat(model.info().maxPositions()).isEqualTo(512);
            assertThat(model.need(100).largestThatFits()).isEqualTo(512);
            assertThatThrownBy(() -> model.capture(Models.tokens(513, 30_522), Progress.NONE))
                    .isInstanceOf(BadInputException.class)
                    .hasMessage(
                            "The input has 513 tokens, but model.onnx has positions for 512 only;"
                                    + " shorten it.");
            try (Capture capture = model.capture(Models.tokens(512, 30_522), Progress.NONE)) {
                assertThat(capture.sites()).hasSize(6);
            }
        }
    }

    @Test
    void aTextThatWouldNotFitIsRefusedBeforeItRuns() {
        try (OnnxModel model =
                OnnxModels.open(
                        Models.demoWithoutCache(),
                        ModelOptions.defaults(),
                        Progress.NONE,
                        () -> 500_000_000L)) {
            MemoryNeed need = model.need(30_000);
            MemoryNeed most = model.need(need.largestThatFits());
            MemoryNeed more = model.need(need.largestThatFits() + 1);

            assertThat(need.feeding()).isEqualTo(MemoryNeed.Feeding.PIECES);
            assertThat(need.fits()).isFalse();
            assertThat(most.fits()).isTrue();
            assertThat(more.fits()).isFalse();
            assertThatThrownBy(() -> model.capture(Models.tokens(30_000, 1024), Progress.NONE))
                    .isInstanceOf(TooLargeException.class)
                    .hasMessage(
                            "30,000 tokens through model_no_cache.onnx would need 738 MB of memory"
                                    + " (553 MB to run, 185 MB to keep), but 500 MB are available;"
                                    + " the longest input that fits has 20,345 tokens.");
        }
    }

    @Test
    void oneThousandTokensInOnePieceNeedTheirMapsSeveralTimes() {
        try (OnnxModel model = Models.open(Models.demoWithoutCache())) {
            MemoryNeed need = model.need(1_000);
            assertThat(need.feeding()).isEqualTo(MemoryNeed.Feeding.WHOLE);
            assertThat(need.runBytes()).isBetween(72_000_000L, 110_000_000L);
        }
    }

    @Test
    void inPiecesALongTextNeedsLittle() {
        try (OnnxModel model = Models.open(Models.demo())) {
            MemoryNeed need = model.need(32_768);

            assertThat(need.feeding()).isEqualTo(MemoryNeed.Feeding.PIECES);
            assertThat(need.captureBytes()).isEqualTo(4L * 32_768 * (6 + 3 + 3) * 32 * 4);
            assertThat(need.runBytes()).isBetween(256L << 20, 1L << 30);
        }
    }

    @Test
    void aFolderWithoutAModelSaysSo() {
        assertBad(
                folder,
                folder
                        + " holds no model; expected model.onnx or another .onnx file in it or in"
                        + " its folder onnx.");
    }

    @Test
    void aFolderWithSeveralModelsNamesThem() throws IOException {
        Files.createFile(folder.resolve("b.onnx"));
        Files.createFile(folder.resolve("a.onnx"));
        assertBad(
                folder,
                folder
                        + " holds 2 models (a.onnx, b.onnx) and none is called model.onnx; open one"
                        + " of these files instead.");
    }

    @Test
    void theOnlyModelOfAFolderIsOpened() throws IOException {
        Path only = Files.createDirectory(folder.resolve("onnx")).resolve("some_name.onnx");
        Files.copy(Models.demo(), only);
        Files.copy(
                Models.demo().resolveSibling("tokenizer.json"), folder.resolve("tokenizer.json"));
        try (OnnxModel model = Models.open(folder)) {
            assertThat(model.info().file()).isEqualTo(only);
            assertThat(model.tokenizer()).isPresent();
        }
        try (OnnxModel model = Models.open(only)) {
            assertThat(model.info().name()).isEqualTo("some_name.onnx");
            assertThat(model.tokenizer()).isPresent();
        }
    }

    @Test
    void aMissingFileSaysSo() {
        Path missing = folder.resolve("none.onnx");
        assertBad(missing, missing + " does not exist; expected an .onnx file or a model folder.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    not json at all [         | not JSON
                    [1, 2]                    | no JSON object
                    {"vocab_size": "many"}    | not usable: a size in it is no number
                    {"vocab_size": -5}        | not usable: a size in it is no number
                    {"vocab_size": 1e300}     | not usable: a size in it is no number
                    """)
    void aConfigurationThatIsNoneIsRefused(String content, String what) throws IOException {
        demoFolder();
        Path config = Files.writeString(folder.resolve("config.json"), content);
        assertBad(
                folder,
                config
                        + " is "
                        + what
                        + "; expected the config.json of a Hugging Face model, or no such file.");
    }

    @Test
    void aHostileTokenizerIsRefused() throws IOException {
        demoFolder();
        Path file = Files.writeString(folder.resolve("tokenizer.json"), "{\"model\": []}");
        assertBad(
                folder,
                file
                        + " is not a tokenizer; expected the tokenizer.json of a Hugging Face"
                        + " model: copy it again, or remove it and give token ids.");
    }

    @Test
    void openingCanBeCancelled() {
        Progress cancelled =
                new Progress() {
                    @Override
                    public void at(double fraction, String stage) {}

                    @Override
                    public boolean cancelled() {
                        return true;
                    }
                };
        assertThatThrownBy(() -> OnnxModels.open(Models.demo(), ModelOptions.defaults(), cancelled))
                .isInstanceOf(CancelledException.class);
    }

    @Test
    void aClosedModelSaysSo() {
        OnnxModel model = Models.open(Models.demo());
        model.close();
        model.close();
        assertThatThrownBy(() -> model.capture(Models.tokens(3, 1024), Progress.NONE))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("The model is closed.");
    }
}
