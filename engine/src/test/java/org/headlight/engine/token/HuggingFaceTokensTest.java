package org.headlight.engine.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.headlight.engine.onnx.SharedFiles;
import org.headlight.engine.problem.BadInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

class HuggingFaceTokensTest {
    private static final Path DEMO = SharedFiles.demo("tokenizer.json");

    @TempDir private Path folder;

    private static HuggingFaceTokens demo() {
        return HuggingFaceTokens.open(DEMO);
    }

    private HuggingFaceTokens miniLm() throws IOException {
        Path file = folder.resolve("tokenizer.json");
        try (InputStream in = getClass().getResourceAsStream("/all-minilm-l6-v2-tokenizer.json")) {
            Files.copy(java.util.Objects.requireNonNull(in), file);
        }
        return HuggingFaceTokens.open(file);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "The secret number of the gray castle is 4821.\nQuestion: what?",
                "  two spaces, a tab\tand an ending space ",
                "plain",
            })
    void textsOfByteLevelTokensJoinToTheWholeText(String text) {
        try (Tokenizer tokenizer = demo()) {
            List<Token> tokens = tokenizer.encode(text);

            assertThat(tokens.getFirst()).isEqualTo(new Token(0, 1, "<s>", true));
            assertThat(tokens.stream().skip(1).map(Token::text).collect(Collectors.joining()))
                    .isEqualTo(text);
            assertThat(tokens.stream().skip(1)).noneMatch(Token::special);
        }
    }

    @Test
    void bytesThatAreNoTextAloneAreEscaped() {
        try (Tokenizer tokenizer = demo()) {
            assertThat(tokenizer.encode("é😀").stream().skip(1).map(Token::text))
                    .containsExactly("<0xC3>", "<0xA9>", "<0xF0>", "<0x9F>", "<0x98>", "<0x80>");
        }
    }

    @Test
    void describingTheIdsOfATextGivesItsTokens() {
        try (Tokenizer tokenizer = demo()) {
            List<Token> tokens = tokenizer.encode("Call me Ishmael. 12");

            int[] ids = tokens.stream().mapToInt(Token::id).toArray();

            assertThat(tokenizer.describe(ids)).isEqualTo(tokens);
        }
    }

    @Test
    void idsOutsideTheVocabularyAreRefusedWithPositionAndRange() {
        try (Tokenizer tokenizer = demo()) {
            assertThatThrownBy(() -> tokenizer.describe(new int[] {1, 1023, 1024}))
                    .isInstanceOf(BadInputException.class)
                    .hasMessage(
                            "Token 1024 at position 2 is outside the vocabulary of tokenizer.json;"
                                    + " use ids from 0 to 1023.");
            assertThatThrownBy(() -> tokenizer.describe(new int[] {-1}))
                    .hasMessage(
                            "Token -1 at position 0 is outside the vocabulary of tokenizer.json;"
                                    + " use ids from 0 to 1023.");
        }
    }

    @Test
    void idsWithoutATokenizerAreNamedByNumber() {
        assertThat(new TokenIds("model.onnx", 0).describe(new int[] {417, 0}))
                .containsExactly(new Token(0, 417, "#417", false), new Token(1, 0, "#0", false));
        assertThatThrownBy(() -> new TokenIds("model.onnx", 0).describe(new int[] {3, -7}))
                .hasMessage(
                        "Token -7 at position 1 is outside the vocabulary of model.onnx; ids start"
                                + " at 0.");
    }

    @Test
    void textsOfWordPiecesAreCutFromTheTextAsItWasWritten() throws IOException {
        try (Tokenizer tokenizer = miniLm()) {
            List<Token> tokens = tokenizer.encode("Héllo 😀😀 Tokenizers");

            assertThat(tokens.stream().map(Token::text))
                    .startsWith("[CLS]", "Héllo")
                    .endsWith("Token", "izer", "s", "[SEP]");
            assertThat(tokens.getFirst().special()).isTrue();
            assertThat(tokens.getLast().special()).isTrue();
            assertThat(tokens.get(1).special()).isFalse();
        }
    }

    @Test
    void nothingIsTruncatedThoughTheFileSaysSo() throws IOException {
        try (Tokenizer tokenizer = miniLm()) {
            assertThat(tokenizer.encode("word ".repeat(1000))).hasSize(1002);
        }
    }

    @Test
    void halfASurrogatePairIsReadAsTheReplacementCharacter() throws IOException {
        try (Tokenizer tokenizer = miniLm()) {
            assertThat(tokenizer.encode("a \uD83D b \uDE00 😀"))
                    .isEqualTo(tokenizer.encode("a \uFFFD b \uFFFD 😀"));
        }
    }

    @Test
    void theDescriptionCountsTheTokens() {
        try (HuggingFaceTokens tokenizer = demo()) {
            assertThat(tokenizer.description()).isEqualTo("tokenizer.json, 1,024 tokens");
            assertThat(tokenizer.vocabulary()).isEqualTo(1024);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "not json",
                "[]",
                "{}",
                "{\"model\": 5}",
                "{\"model\": {\"vocab\": {\"a\": \"x\"}}}",
                "{\"model\": {\"vocab\": {\"a\": 2000000000}}}",
                "{\"model\": {\"vocab\": {\"a\": -4}}}",
                "{\"model\": {\"vocab\": [[]]}}",
                "{\"model\": {\"vocab\": {\"a\": 0}}, \"added_tokens\": [7]}",
                "{\"model\": {\"vocab\": {\"a\": 0}}, \"decoder\": {\"type\": {}}}",
            })
    void aFileThatIsNoTokenizerIsRefused(String content) throws IOException {
        Path file = Files.writeString(folder.resolve("tokenizer.json"), content);

        assertThatThrownBy(() -> HuggingFaceTokens.open(file))
                .isInstanceOf(BadInputException.class)
                .hasMessage(
                        file
                                + " is not a tokenizer; expected the tokenizer.json of a Hugging"
                                + " Face model: copy it again, or remove it and give token ids.");
    }

    @Test
    void aFileNestedWithoutEndIsRefused() throws IOException {
        Path file =
                Files.writeString(
                        folder.resolve("tokenizer.json"), "{\"model\":" + "[".repeat(100_000));

        assertThatThrownBy(() -> HuggingFaceTokens.open(file))
                .isInstanceOf(BadInputException.class)
                .hasMessageStartingWith(file + " is not a tokenizer; expected");
    }

    @Test
    void aTokenizerOfAnUnknownKindIsRefusedByName() throws IOException {
        Path file =
                Files.writeString(
                        folder.resolve("tokenizer.json"),
                        "{\"model\": {\"type\": \"Nonsense\", \"vocab\": {\"a\": 0}}}");

        assertThatThrownBy(() -> HuggingFaceTokens.open(file))
                .isInstanceOf(BadInputException.class)
                .hasMessage(
                        file
                                + " is a tokenizer that cannot be used (its model is incomplete or"
                                + " of an unknown kind); copy it again, or remove it and give"
                                + " token ids.");
    }

    @Test
    void aMissingFileIsNamed() {
        Path file = folder.resolve("tokenizer.json");

        assertThatThrownBy(() -> HuggingFaceTokens.open(file))
                .isInstanceOf(BadInputException.class)
                .hasMessage(file + " cannot be read: it is not there.");
    }

    @Test
    void usedAfterCloseItSaysSo() {
        HuggingFaceTokens tokenizer = demo();
        tokenizer.close();
        tokenizer.close();

        assertThatThrownBy(() -> tokenizer.encode("a"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("The tokenizer is closed.");
    }
}
