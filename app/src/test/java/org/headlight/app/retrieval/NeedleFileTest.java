package org.headlight.app.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.headlight.analysis.retrieval.Needle;
import org.headlight.engine.problem.BadInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class NeedleFileTest {
    private static final String SUCH_AS =
            "; expected needles, one a line, such as {\"needle\": \"The code of the old mill is"
                    + " 4821.\", \"question\": \"What is the code of the old mill?\", \"answer\":"
                    + " \"4821\"}.";

    @TempDir private Path folder;

    private List<Needle> read(String content) throws IOException {
        return NeedleFile.read(Files.writeString(folder.resolve("n.jsonl"), content));
    }

    @Test
    void linesAndArraysHoldNeedles() throws IOException {
        String one = "{'needle': 'The mill is red.', 'question': 'Which?', 'answer': 'red'}";
        String two =
                "{'name': 'b', 'text': 'It rains.', 'question': 'What?', 'answer': 'rains',"
                        + " 'prompt': '{context} {question}'}";
        List<Needle> wanted =
                List.of(
                        new Needle(
                                "needle 1",
                                "The mill is red.",
                                "Which?",
                                "red",
                                Needle.DEFAULT_PROMPT),
                        new Needle("b", "It rains.", "What?", "rains", "{context} {question}"));
        String lines = (one + "\n\n" + two + "\n").replace('\'', '"');
        assertThat(read(lines)).isEqualTo(wanted);
        assertThat(read(" [" + one.replace('\'', '"') + ",\n" + two.replace('\'', '"') + "]"))
                .isEqualTo(wanted);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | n.jsonl: it holds none",
                "[] | n.jsonl: it holds none",
                "hello there | n.jsonl, line 1: that is no JSON",
                "5 | n.jsonl, line 1: that is no JSON object",
                "[5] | n.jsonl, entry 1: that is no JSON object",
                "{\"needle\": 5} | n.jsonl, line 1: it has no \"needle\"",
                "{\"needle\": \"a b\"} | n.jsonl, line 1: it has no \"question\"",
                "{\"needle\": \"a b\", \"question\": \"c\"} | n.jsonl, line 1: it has no \"answer\""
            })
    void anythingElseIsRefusedWithItsPlace(String content, String sentence) {
        assertThatThrownBy(() -> read(content))
                .isInstanceOf(BadInputException.class)
                .hasMessage(sentence + SUCH_AS);
    }

    @Test
    void listsOfNumbersAreGivenOneByOneOrEvenlySpaced() {
        NumberList lengths = new NumberList("lengths", "128,512");
        assertThat(lengths.wholeNumbers("128, 512,0")).containsExactly(128, 512, 0);
        assertThat(lengths.wholeNumbers("0:900:4")).containsExactly(0, 300, 600, 900);
        assertThat(lengths.wholeNumbers("5:700:1")).containsExactly(700);
        assertThat(lengths.numbers("0:100:3")).containsExactly(0.0, 50.0, 100.0);
        for (String bad : List.of("", "a", "1,,2", "1:2", "1:2:3:4", "2:1:3", "0:9:0", "-1")) {
            assertThatThrownBy(() -> lengths.numbers(bad))
                    .isInstanceOf(BadInputException.class)
                    .hasMessageContaining(
                            " is no list of lengths; expected numbers such as 128,512, or"
                                    + " from:to:count.");
        }
    }
}
