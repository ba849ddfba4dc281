package org.headlight.analysis.sinks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.token.Token;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

class PromptSurveyTest {
    private static List<Token> text(int specialBefore, int words, int specialAfter) {
        List<Token> tokens = new ArrayList<>();
        for (int i = 0; i < specialBefore + words + specialAfter; i++) {
            boolean word = i >= specialBefore && i < specialBefore + words;
            int id = word ? 100 + i - specialBefore : i;
            tokens.add(new Token(i, id, "t" + id, !word));
        }
        return tokens;
    }

    private static List<List<Integer>> ids(List<List<Token>> prompts) {
        return prompts.stream().map(p -> p.stream().map(Token::id).toList()).toList();
    }

    @Test
    void piecesFollowEachOtherAndBeginAsTheTextDoes() {
        PromptSettings settings = new PromptSettings(4, true, 10);
        List<List<Token>> prompts = PromptSurvey.prompts(text(1, 8, 1), settings);
        assertThat(ids(prompts))
                .containsExactly(List.of(0, 100, 101, 102), List.of(0, 103, 104, 105));
        assertThat(prompts.get(1))
                .containsExactly(
                        new Token(0, 0, "t0", true),
                        new Token(1, 103, "t103", false),
                        new Token(2, 104, "t104", false),
                        new Token(3, 105, "t105", false));
        assertThat(ids(PromptSurvey.prompts(text(0, 8, 0), settings)))
                .containsExactly(List.of(100, 101, 102, 103), List.of(104, 105, 106, 107));
        assertThat(PromptSurvey.prompts(text(1, 2, 1), settings)).isEmpty();
        // No room for the text itself.
        assertThat(PromptSurvey.prompts(text(4, 50, 0), settings)).isEmpty();
    }

    @Test
    void withoutPiecesTheBeginningAloneIsThePrompt() {
        PromptSettings settings = new PromptSettings(4, false, 10);
        assertThat(ids(PromptSurvey.prompts(text(1, 8, 1), settings)))
                .containsExactly(List.of(0, 100, 101, 102));
        assertThat(PromptSurvey.prompts(text(1, 2, 0), settings)).isEmpty();
    }

    @Test
    void aFileHasATextALineOrIsOneText() {
        assertThat(PromptTexts.of("a.txt", "one\n \ntwo\n", false).texts())
                .containsExactly("one", "two");
        assertThat(PromptTexts.of("a.txt", "one\n \ntwo\n", true).texts())
                .containsExactly("one\n \ntwo\n");
        assertThat(
                        PromptTexts.of(
                                        "a.JSONL",
                                        "{\"text\": \"a\\nb\"}\n\n{\"text\": \"c\"}",
                                        true)
                                .texts())
                .containsExactly("a\nb", "c");
    }

    @Test
    void badFilesAreNamedWithTheirLine() {
        assertThatThrownBy(() -> PromptTexts.of("e.txt", " \n\n", true))
                .isInstanceOf(BadInputException.class)
                .hasMessage("e.txt has no prompts; expected one a line.");
        for (String bad : new String[] {"{\"text\": 1", "[1]", "{\"body\": \"a\"}"}) {
            assertThatThrownBy(() -> PromptTexts.of("b.jsonl", "{\"text\": \"a\"}\n\n" + bad, true))
                    .isInstanceOf(BadInputException.class)
                    .hasMessage(
                            "b.jsonl, line 3 is no JSON object with a \"text\"; expected one such"
                                    + " as {\"text\": \"It was\"}.");
        }
        assertThatThrownBy(() -> new PromptSettings(1, true, 3))
                .isInstanceOf(BadInputException.class)
                .hasMessage("The length of prompts is 1; expected at least 2 tokens.");
        assertThatThrownBy(() -> new PromptSettings(2, true, 0))
                .isInstanceOf(BadInputException.class)
                .hasMessage("The number of prompts is 0; expected at least 1.");
    }
}
