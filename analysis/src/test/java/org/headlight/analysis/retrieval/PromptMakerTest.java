package org.headlight.analysis.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.headlight.engine.token.Token;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.stream.Collectors;

class PromptMakerTest {
    private static final Needle NEEDLE =
            new Needle(
                    "mill",
                    "The code of the old mill is 4821.",
                    "What is the code?",
                    "4821",
                    "{context}\nQuestion: {question} Answer:");

    private static final Haystack HAYSTACK =
            new Haystack("h", "One two three. Four five six seven. Eight nine! Ten eleven twelve.");

    private final WordTokenizer tokenizer = new WordTokenizer();

    private NeedlePrompt make(int length, double depth) {
        return new PromptMaker(tokenizer, HAYSTACK).make(new TrialCase(NEEDLE, length, depth));
    }

    private static String text(List<Token> tokens) {
        return tokens.stream()
                .filter(t -> !t.special())
                .map(Token::text)
                .collect(Collectors.joining());
    }

    private static String needle(NeedlePrompt prompt) {
        return text(prompt.tokens().subList(prompt.needleStart(), prompt.needleEnd()));
    }

    @Test
    void theNeedleAloneHasNoHaystack() {
        NeedlePrompt prompt = make(0, 50);
        assertThat(text(prompt.tokens()))
                .isEqualTo(
                        "The code of the old mill is 4821.\nQuestion: What is the code? Answer:");
        assertThat(needle(prompt)).isEqualTo("The code of the old mill is 4821.");
        assertThat(prompt.needleStart()).isEqualTo(1);
        // nine tokens, all different but for "The" and " the"
        assertThat(prompt.needleIds()).hasSize(9);
    }

    @ParameterizedTest
    @ValueSource(ints = {21, 22, 23, 30, 40, 64, 65, 100, 1000})
    void thePromptHasAsManyTokensAsAskedForAndTheNeedleIsWhereItSays(int length) {
        for (double depth : List.of(0.0, 10.0, 33.0, 50.0, 90.0, 100.0)) {
            NeedlePrompt prompt = make(length, depth);
            assertThat(prompt.tokens()).hasSizeBetween(length - 3, length);
            assertThat(needle(prompt).strip()).isEqualTo("The code of the old mill is 4821.");
            assertThat(text(prompt.tokens())).endsWith("\nQuestion: What is the code? Answer:");
        }
    }

    @ParameterizedTest
    @CsvSource({
        // before everything; after the sentence that ends before the depth; at the end
        "0, 'The code of the old mill is 4821. One two three. Four five six'",
        "20, 'The code of the old mill is 4821. One two three. Four five six'",
        "60, 'One two three. The code of the old mill is 4821. Four five six'",
        "100, 'One two three. Four five six The code of the old mill is 4821.'"
    })
    void theNeedleGoesBackToTheEndOfTheSentenceBeforeItsDepth(double depth, String context) {
        int fixed = make(0, 0).tokens().size();
        assertThat(text(make(fixed + 7, depth).tokens()))
                .isEqualTo(context + "\nQuestion: What is the code? Answer:");
    }

    @Test
    void theHaystackIsRepeatedWhereItIsTooShort() {
        String text = text(make(100, 0).tokens());
        assertThat(text).contains("twelve.\nOne two three. Four");
    }

    @Test
    void aNeedleLongerThanTheLengthIsRefusedWithBothNumbers() {
        int fixed = make(0, 0).tokens().size();
        assertThat(make(fixed, 50).tokens()).hasSize(fixed);
        assertThatThrownBy(() -> make(fixed - 1, 50))
                .hasMessage(
                        "The needle \"mill\" with its question has "
                                + fixed
                                + " tokens, more than the length of "
                                + (fixed - 1)
                                + "; choose lengths of at least "
                                + fixed
                                + ", or a shorter needle.");
    }

    @ParameterizedTest
    @CsvSource({
        "'a b. c d', 8, 4",
        "'a b. c d', 4, 4",
        "'a b. c d', 3, 0",
        "'1.5 is it', 9, 0",
        "'a b', 3, 0",
        "'a. b?', 5, 5",
        "'', 0, 0"
    })
    void sentencesEndAtAStopBeforeASpaceOrTheEnd(String text, int from, int end) {
        assertThat(PromptMaker.sentenceEnd(text, from)).isEqualTo(end);
    }

    @Test
    void needlesThatCannotBeAskedAreRefused() {
        assertThatThrownBy(() -> new Needle("n", " ", "q", "a", Needle.DEFAULT_PROMPT))
                .hasMessage("The needle \"n\" has no text; write one.");
        assertThatThrownBy(() -> new Needle("n", "t", "q", "\u6771", Needle.DEFAULT_PROMPT))
                .hasMessage(
                        "The answer of the needle \"n\" has no words of the letters a to z or"
                                + " digits, which is what ROUGE-1 counts; write one that has.");
        assertThatThrownBy(() -> new Needle("n", "t", "q", "a", "{context} {context} {question}"))
                .hasMessage(
                        "The prompt of the needle \"n\" is to have {context} in it once; write it"
                                + " where that belongs.");
        assertThatThrownBy(() -> new Needle("n", "t", "q", "a", "{question} {context}"))
                .hasMessage(
                        "The prompt of the needle \"n\" has the question before the context; put"
                                + " {question} after {context}, because scores are taken from what"
                                + " follows it.");
    }
}
