package org.headlight.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

import org.headlight.engine.capture.Capture;
import org.headlight.engine.dump.CaptureFiles;
import org.headlight.engine.source.Source;
import org.headlight.engine.source.SourceOptions;
import org.headlight.engine.source.Sources;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** {@code headlight generate} as a user gives it. */
class GenerateCommandTest {
    @TempDir private Path folder;

    private static CommandRun run(Interrupt interrupt, OutputStream out, String... args) {
        return CommandRun.of(
                interrupt,
                out,
                Stream.concat(Stream.of("generate"), Stream.of(args)).toArray(String[]::new));
    }

    private static CommandRun run(String... args) {
        return run(new Interrupt(), new ByteArrayOutputStream(), args);
    }

    private static List<Integer> tokens(JsonObject json) {
        return json.getAsJsonArray("tokens").asList().stream().map(JsonElement::getAsInt).toList();
    }

    @Test
    void theExampleAnswersItsQuestion() {
        CommandRun result = run("demo", "--max-tokens", "16");
        assertThat(result.err()).isEmpty();
        assertThat(result.status()).isZero();
        assertThat(result.out())
                .startsWith(" The secret number of the gray castle is 4821.")
                .endsWith("\n");
    }

    @Test
    void theDocumentHasTheResponseAndHowItWasMade() {
        JsonObject json = run("demo", "--prompt", "It was", "--max-tokens", "12", "--json").json();
        String text = run("demo", "--prompt", "It was", "--max-tokens", "12").out();
        assertThat(tokens(json)).hasSize(12);
        assertThat(json.getAsJsonArray("logProbabilities")).hasSize(12);
        assertThat(json.get("text").getAsString() + System.lineSeparator()).isEqualTo(text);
        assertThat(json.get("promptTokens").getAsInt()).isPositive();
        assertThat(json.get("stopReason").getAsString()).isEqualTo("max-tokens");
        assertThat(json.get("stepsPerSecond").getAsDouble()).isPositive();
        assertThat(json.get("temperature").getAsDouble()).isZero();
        assertThat(json.get("seed").getAsLong()).isZero();
    }

    @Test
    void aTextItsFileAndItsIdsAreTheSamePrompt() throws IOException {
        Path file = Files.writeString(folder.resolve("a.txt"), "It was");
        JsonObject byText = run("demo", "--prompt", "It was", "--max-tokens=9", "--json").json();
        JsonObject byFile =
                run("demo", "--prompt-file", file.toString(), "--max-tokens=9", "--json").json();
        List<Integer> written = tokens(byText);
        assertThat(tokens(byFile)).isEqualTo(written);

        Path out = folder.resolve("w.safetensors");
        run("demo", "--prompt", "It was", "--max-tokens=9", "--out", out.toString());
        String ids = ids(out, byText.get("promptTokens").getAsInt());
        assertThat(tokens(run("demo", "--tokens", ids, "--max-tokens=9", "--json").json()))
                .isEqualTo(written);
    }

    private static String ids(Path capture, int count) {
        Source source = Sources.open(capture, SourceOptions.defaults(), Progress.NONE);
        try (Capture read = ((Source.CaptureSource) source).capture()) {
            return String.join(
                    ",",
                    read.tokens().stream()
                            .limit(count)
                            .map(Token::id)
                            .map(String::valueOf)
                            .toList());
        }
    }

    @Test
    void theCaptureHoldsPromptAndResponse() {
        Path out = folder.resolve("w.safetensors");
        JsonObject json = run("demo", "--max-tokens=7", "--out", out.toString(), "--json").json();
        assertThat(CaptureFiles.isCapture(out)).isTrue();
        assertThat(json.get("file").getAsString()).isEqualTo(out.toString());
        Source source = Sources.open(out, SourceOptions.defaults(), Progress.NONE);
        try (Capture read = ((Source.CaptureSource) source).capture()) {
            int prompt = json.get("promptTokens").getAsInt();
            assertThat(read.tokens()).hasSize(prompt + 7);
            assertThat(read.tokens().stream().skip(prompt).map(Token::id))
                    .containsExactlyElementsOf(tokens(json));
            assertThat(read.responseFrom()).isEqualTo(prompt);
        }
    }

    @Test
    void theSameSeedDrawsTheSameText() {
        List<Integer> first = null;
        for (int i = 0; i < 2; i++) {
            JsonObject json =
                    run(
                                    "demo",
                                    "--prompt=It was",
                                    "--max-tokens=20",
                                    "--top-k=50",
                                    "--top-p=0.95",
                                    "--seed=7",
                                    "--json")
                            .json();
            assertThat(json.get("temperature").getAsDouble()).isEqualTo(1);
            assertThat(json.get("seed").getAsLong()).isEqualTo(7);
            first = first == null ? tokens(json) : first;
            assertThat(tokens(json)).isEqualTo(first);
        }
    }

    @Test
    void anInterruptKeepsWhatIsThere() {
        Interrupt interrupt = new Interrupt();
        Path out = folder.resolve("w.safetensors");
        StringBuilder seen = new StringBuilder();
        OutputStream watching =
                new OutputStream() {
                    @Override
                    public void write(int b) {
                        seen.append((char) b);
                        interrupt.ask();
                    }
                };
        CommandRun result =
                run(interrupt, watching, "demo", "--max-tokens=100", "--out", out.toString());
        assertThat(result.status()).isEqualTo(130);
        assertThat(result.err()).isEmpty();
        assertThat(seen.toString()).startsWith(" The").hasSizeLessThan(60);
        assertThat(CaptureFiles.isCapture(out)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--max-tokens=0 | The response is to have 0 tokens; expected at least 1.",
                "--max-tokens=x | Invalid value for option '--max-tokens': 'x' is not a whole"
                        + " number that fits; expected one such as 4.",
                "--temperature=-1 | The temperature is -1.0; expected a number from 0 (the most"
                        + " probable token) upwards, such as 0.8.",
                "--temperature=hot | Invalid value for option '--temperature': 'hot' is not a"
                        + " number; expected one such as 0.8.",
                "--top-k=-2 | Top-k is -2; expected a whole number of tokens, or 0 for all.",
                "--top-p=0 | Top-p is 0.0; expected a probability above 0 and at most 1.",
                "--top-p=1.5 | Top-p is 1.5; expected a probability above 0 and at most 1.",
                "--seed=1e9 | Invalid value for option '--seed': '1e9' is not a whole number that"
                        + " fits; expected one such as 4.",
                "--out=a.txt | --out a.txt: a capture is a safetensors file; give the file the"
                        + " ending .safetensors.",
                "--prompt=b | Only one input can be run at a time: give one of --prompt,"
                        + " --prompt-file, --tokens and --tokens-file."
            })
    void wrongUsage(String option, String sentence) {
        new FailingCommand(folder).fails(2, sentence, "generate", "demo", "--tokens=1,5", option);
    }

    @Test
    void promptsThatCannotBeRead() {
        FailingCommand command = new FailingCommand(folder);
        command.fails(
                3,
                "The text is empty: it has no tokens to run; give at least one word.",
                "generate",
                "demo",
                "--prompt=");
        command.fails(
                2,
                "--tokens: \"a\" at position 1 is not a token id; expected whole numbers such as"
                        + " 1,2,3.",
                "generate",
                "demo",
                "--tokens=1,a");
        command.fails(
                3,
                "Token 5000 at position 1 is outside the vocabulary of tokenizer.json; use ids from"
                        + " 0 to 1023.",
                "generate",
                "demo",
                "--tokens=1,5000");
    }

    @Test
    void aResponseThatWouldNotFitIsRefusedWithTheNumbers() {
        assertThat(
                        new FailingCommand(folder)
                                .sentence(
                                        4,
                                        "generate",
                                        "demo",
                                        "--tokens=1",
                                        "--max-tokens=90000000"))
                .matches(
                        "A prompt of 1 token and a response of up to 90,000,000 through"
                                + " model\\.onnx would need [0-9,.]+ GB of memory .*");
    }

    @Test
    void aCaptureCannotWrite() {
        Path file = folder.resolve("c.safetensors");
        run("demo", "--tokens=1,2", "--max-tokens=1", "--out", file.toString());
        new FailingCommand(folder)
                .fails(
                        3,
                        file + " is a capture or dump, which cannot write text; open a model.",
                        "generate",
                        file.toString(),
                        "--tokens=1");
    }

    @Test
    void anEncoderCannotWrite() {
        Path encoder = Path.of("../../shared/models/moonshine-tiny/encoder_model.onnx");
        Assumptions.assumeTrue(Files.exists(encoder), encoder + " is not beside the repository");
        assertThat(
                        new FailingCommand(folder)
                                .sentence(3, "generate", encoder.toString(), "--tokens=1"))
                .isEqualTo(
                        "encoder_model.onnx cannot write text: it needs input_values, which tokens"
                                + " cannot give; open a decoder that reads text alone.");
    }
}
