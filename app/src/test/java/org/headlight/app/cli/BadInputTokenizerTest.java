package org.headlight.app.cli;

import org.headlight.assets.Assets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A sound model with side files that are unreadable or hostile. */
class BadInputTokenizerTest {
    private static final String AGAIN = "copy it again, or remove it and give token ids.";

    @TempDir private Path folder;
    private Path file = Path.of("");
    private FailingCommand command = new FailingCommand(Path.of(""));

    @BeforeEach
    void aModelWithoutSideFiles() throws IOException {
        Path demo = new Assets().demoModelFolder().resolve("model.onnx");
        Files.copy(demo, folder.resolve("model.onnx"));
        file = folder.resolve("tokenizer.json");
        command = new FailingCommand(folder);
    }

    private void isNoTokenizer(byte[] content) throws IOException {
        Files.write(file, content);
        command.isRefused(
                folder,
                file
                        + " is not a tokenizer; expected the tokenizer.json of a Hugging Face"
                        + " model: "
                        + AGAIN);
    }

    private void isNoTokenizer(String content) throws IOException {
        isNoTokenizer(content.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "<html>Not found</html>",
                "version https://git-lfs.github.com/spec/v1\nsize 1\n",
                "{\"model\": {}}",
                "{\"model\": {\"vocab\": {\"a\": null}}}",
                "{\"model\": {\"vocab\": {\"a\": -1}}}",
                "{\"model\": {\"vocab\": {\"a\": 2000000000}}}",
                "{\"model\": {\"vocab\": {\"a\": 99999999999999999999}}}",
                "{\"model\": {\"vocab\": {\"a\": 0}}, \"added_tokens\": [{}]}",
                "{\"model\": {\"vocab\": {\"a\": 0}}, \"added_tokens\": [7]}"
            })
    void contentThatIsNoTokenizer(String content) throws IOException {
        isNoTokenizer(content);
    }

    @Test
    void bytesThatAreNoText() throws IOException {
        Files.write(file, new byte[] {0, (byte) 0xFF, (byte) 0x80, 7});
        command.isRefused(
                folder,
                file
                        + " is not a tokenizer; expected the tokenizer.json of a Hugging Face"
                        + " model: "
                        + AGAIN);
    }

    @Test
    void aTokenizerThatIsCutShort() throws IOException {
        Path whole = new Assets().demoModelFolder().resolve("tokenizer.json");
        isNoTokenizer(Files.readString(whole).substring(0, 10_000));
    }

    @Test
    void bracketsNestedAMillionDeep() throws IOException {
        isNoTokenizer("[".repeat(1_000_000));
        isNoTokenizer(
                "{\"model\": {\"vocab\": " + "[".repeat(200_000) + "]".repeat(200_000) + "}}");
        isNoTokenizer("{\"a\":".repeat(200_000) + "0" + "}".repeat(200_000));
    }

    @Test
    void aModelOfTokensOfAnUnknownKind() throws IOException {
        Files.writeString(file, "{\"model\": {\"type\": \"Magic\", \"vocab\": {\"a\": 0}}}");
        command.isRefused(
                folder,
                file
                        + " is a tokenizer that cannot be used (its model is incomplete or of an"
                        + " unknown kind); "
                        + AGAIN);
    }

    @Test
    void aFolderInItsPlace() throws IOException {
        Files.createDirectory(file);
        command.isRefused(
                folder,
                file
                        + " is a folder; expected the file tokenizer.json of a Hugging Face model:"
                        + " put that there, or remove the folder and give token ids.");
    }

    /** The file has holes where the system knows such files, and is never read. */
    @Test
    void aFileThatIsTooLarge() throws IOException {
        try (RandomAccessFile large = new RandomAccessFile(file.toFile(), "rw")) {
            large.setLength((512L << 20) + 1);
        }
        command.isRefused(
                folder,
                file
                        + " is larger than 512 MB, which no tokenizer is; expected the"
                        + " tokenizer.json of a Hugging Face model: "
                        + AGAIN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[", "[]", "{\"vocab_size\": \"many\"}"})
    void aConfigThatIsNone(String content) throws IOException {
        Path config = Files.writeString(folder.resolve("config.json"), content);
        String what =
                switch (content) {
                    case "[" -> "not JSON";
                    case "", "[]" -> "no JSON object";
                    default -> "not usable: a size in it is no number";
                };
        command.isRefused(
                folder,
                config
                        + " is "
                        + what
                        + "; expected the config.json of a Hugging Face model, or no such file.");
    }

    @Test
    void aFolderInPlaceOfTheConfig() throws IOException {
        Path config = Files.createDirectory(folder.resolve("config.json"));
        command.isRefused(
                folder,
                config
                        + " is a folder; expected the config.json of a Hugging Face model, or no"
                        + " such file.");
    }
}
