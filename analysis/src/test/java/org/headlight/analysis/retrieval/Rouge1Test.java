package org.headlight.analysis.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

class Rouge1Test {

    /** The stems are those of nltk 3.10.3, PorterStemmer in its default mode. */
    @Test
    void everyWordHasTheStemThatNltkGivesIt() throws IOException {
        List<String> wrong = new ArrayList<>();
        int words = 0;
        try (InputStream in =
                Objects.requireNonNull(Rouge1Test.class.getResourceAsStream("stems.tsv"))) {
            for (String line :
                    new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList()) {
                List<String> cells = List.of(line.split("\t", -1));
                String stem = PorterStemmer.stem(cells.getFirst());
                words++;
                if (!stem.equals(cells.getLast())) {
                    wrong.add(line + " but " + stem);
                }
            }
        }
        assertThat(words).isGreaterThan(400);
        assertThat(wrong).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        // all of it, in any order, with anything between
        "green on Monday, it is Monday and the lamp is green on this one, 1",
        // one of three
        "silver window river, the river, 0.3333333333333333",
        // a word counts as often as the reference has it
        "row row row the boat, row the boat, 0.6",
        // and not more often
        "row the boat, row row row row, 0.3333333333333333",
        // case and punctuation do not count
        "'THE answer, is: 42', the-answer is 42!, 1",
        // stems of long words do: painted, paints and painting are one, but was and wa are not
        "paints, painted, 1",
        "was, wa, 0",
        "4821, The number is 4821., 1",
        "4821, The number is 48 21., 0",
        "silver, '', 0"
    })
    void recallIsTheShareOfTheReferencesWordsThatTheResponseHas(
            String reference, String response, double recall) {
        assertThat(Rouge1.recall(reference, response)).isCloseTo(recall, within(1e-12));
    }

    @Test
    void aReferenceWithoutWordsHasNoRecall() {
        assertThat(Rouge1.recall("\u6771\u4eac!", "Tokyo")).isNaN();
    }
}
