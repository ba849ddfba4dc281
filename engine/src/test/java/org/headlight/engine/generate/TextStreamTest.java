package org.headlight.engine.generate;

import static org.assertj.core.api.Assertions.assertThat;

import org.headlight.engine.onnx.SharedFiles;
import org.headlight.engine.token.HuggingFaceTokens;
import org.headlight.engine.token.Token;
import org.headlight.engine.token.Tokenizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** The pieces of a text are whole characters, and together they are the text. */
class TextStreamTest {
    private static final String ODD =
            "Grüße, naïve café: 東京 and 🦊🏽‍🚀 family 👨‍👩‍👧, a\n\ttab, 3.14 \uFFFD (real) and"
                    + " don't stop ";

    private static List<Token> after(List<Token> tokens, int from) {
        return tokens.subList(from, tokens.size());
    }

    private static List<String> pieces(Tokenizer tokenizer, List<Token> prompt, List<Token> rest) {
        TextStream stream = new TextStream(tokenizer, prompt);
        List<String> pieces = new ArrayList<>();
        for (Token token : rest) {
            pieces.add(stream.add(token.id()));
        }
        pieces.add(stream.end());
        return pieces;
    }

    @Test
    void ofByteLevelTokens() {
        try (HuggingFaceTokens tokenizer =
                HuggingFaceTokens.open(SharedFiles.demo("tokenizer.json"))) {
            List<Token> prompt = tokenizer.encode("He said:");
            List<Token> text = after(tokenizer.encode(ODD.repeat(5)), 1);
            List<String> pieces = pieces(tokenizer, prompt, text);

            assertThat(String.join("", pieces)).isEqualTo(ODD.repeat(5));
            assertThat(pieces.getLast()).isEmpty();
            for (String piece : pieces) {
                assertThat(piece.isEmpty() || !Character.isLowSurrogate(piece.charAt(0))).isTrue();
            }
            assertThat(pieces.stream().filter(p -> p.startsWith("東"))).hasSize(5);
            assertThat(pieces.stream().filter(String::isEmpty).count()).isGreaterThan(50);
        }
    }

    @Test
    void aCharacterThatIsNeverCompletedIsMarkedAtTheEnd() {
        try (HuggingFaceTokens tokenizer =
                HuggingFaceTokens.open(SharedFiles.demo("tokenizer.json"))) {
            List<Token> fox = after(tokenizer.encode("a🦊"), 1);
            assertThat(fox).hasSize(5);
            assertThat(pieces(tokenizer, List.of(), fox.subList(0, 4)))
                    .containsExactly("a", "", "", "", "\uFFFD");
            // Two first bytes one after the other: neither of them becomes a character.
            List<Token> twice = List.of(fox.get(1), fox.get(1), fox.get(0));
            assertThat(pieces(tokenizer, List.of(), twice))
                    .containsExactly("", "", "\uFFFD\uFFFDa", "");
        }
    }

    @Test
    void specialTokensAddNothing() {
        try (HuggingFaceTokens tokenizer =
                HuggingFaceTokens.open(SharedFiles.demo("tokenizer.json"))) {
            List<Token> tokens = tokenizer.describe(new int[] {1, 2, 500, 2});
            assertThat(pieces(tokenizer, List.of(), tokens).get(0)).isEmpty();
            assertThat(pieces(tokenizer, List.of(), tokens).get(1)).isEmpty();
            assertThat(pieces(tokenizer, List.of(), tokens).get(3)).isEmpty();
        }
    }

    /** A tokenizer with pieces as in Llama: U+2581 for a space, bytes as {@code <0xE2>}. */
    @Test
    void ofSentencePieceTokens(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("tokenizer.json");
        Files.writeString(
                file,
                """
                {"version": "1.0", "added_tokens": [], "normalizer": null, "pre_tokenizer": null,
                 "post_processor": null,
                 "decoder": {"type": "Sequence", "decoders": [
                   {"type": "Replace", "pattern": {"String": "\u2581"}, "content": " "},
                   {"type": "ByteFallback"}, {"type": "Fuse"},
                   {"type": "Strip", "content": " ", "start": 1, "stop": 0}]},
                 "model": {"type": "BPE", "dropout": null, "unk_token": "<unk>",
                   "continuing_subword_prefix": null, "end_of_word_suffix": null,
                   "fuse_unk": true, "byte_fallback": true, "merges": [],
                   "vocab": {"<unk>": 0, "\u2581hello": 1, "\u2581there": 2, "<0xE2>": 3,
                     "<0x82>": 4, "<0xAC>": 5, "s": 6}}}
                """);
        try (HuggingFaceTokens tokenizer = HuggingFaceTokens.open(file)) {
            List<Token> rest = tokenizer.describe(new int[] {2, 6, 3, 4, 5, 3, 4, 5, 1, 3, 6});
            List<Token> prompt = tokenizer.describe(new int[] {1});

            assertThat(pieces(tokenizer, prompt, rest))
                    .containsExactly(
                            " there", "s", "", "", "€", "", "", "€", " hello", "", "\uFFFDs", "");
            assertThat(pieces(tokenizer, List.of(), rest).getFirst()).isEqualTo("there");
        }
    }

    @Test
    void bytesThatNeverBecomeTextAreNotKeptForEver() {
        try (HuggingFaceTokens tokenizer =
                HuggingFaceTokens.open(SharedFiles.demo("tokenizer.json"))) {
            int first = after(tokenizer.encode("🦊"), 1).getFirst().id();
            List<Token> garbage =
                    tokenizer.describe(IntStream.generate(() -> first).limit(300).toArray());
            Counting counting = new Counting(tokenizer);

            assertThat(String.join("", pieces(counting, List.of(), garbage)))
                    .isEqualTo("\uFFFD".repeat(300));
            assertThat(counting.longest).isLessThanOrEqualTo(129);
        }
    }

    @Test
    void aLongTextIsNotDecodedFromItsStartAgainAndAgain() {
        try (HuggingFaceTokens tokenizer =
                HuggingFaceTokens.open(SharedFiles.demo("tokenizer.json"))) {
            String text = "and then 東京 again; ".repeat(300);
            List<Token> tokens = after(tokenizer.encode(text), 1);
            Counting counting = new Counting(tokenizer);

            assertThat(String.join("", pieces(counting, List.of(), tokens))).isEqualTo(text);
            assertThat(counting.longest).isLessThanOrEqualTo(80);
        }
    }

    /** Notes how many tokens are decoded at once. */
    private static final class Counting implements Tokenizer {
        private final Tokenizer tokenizer;
        private int longest;

        Counting(Tokenizer tokenizer) {
            this.tokenizer = tokenizer;
        }

        @Override
        public String description() {
            return tokenizer.description();
        }

        @Override
        public List<Token> encode(String text) {
            return tokenizer.encode(text);
        }

        @Override
        public List<Token> describe(int[] ids) {
            return tokenizer.describe(ids);
        }

        @Override
        public String decode(int[] ids) {
            longest = Math.max(longest, ids.length);
            return tokenizer.decode(ids);
        }

        @Override
        public void close() {}
    }
}
