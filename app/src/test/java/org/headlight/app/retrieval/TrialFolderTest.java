package org.headlight.app.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.headlight.analysis.retrieval.Copy;
import org.headlight.analysis.retrieval.HeadCopies;
import org.headlight.analysis.retrieval.MaskedTrial;
import org.headlight.analysis.retrieval.Trial;
import org.headlight.engine.cut.HeadAddress;
import org.headlight.engine.problem.BadInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

class TrialFolderTest {
    private static final Trial TRIAL =
            new Trial(
                    "mill \u00e9",
                    512,
                    100.0 / 9,
                    510,
                    37,
                    48,
                    11,
                    List.of(5, 6, 5),
                    " a \"quoted\" answer\n",
                    "newline",
                    2.0 / 3,
                    List.of(HeadAddress.self(0, 0), HeadAddress.self(0, 1), HeadAddress.self(3, 5)),
                    List.of(
                            new HeadCopies(
                                    HeadAddress.self(3, 5),
                                    List.of(
                                            new Copy(0, 40, 5, 0.125f),
                                            new Copy(2, 41, 5, 1e-7)))));

    @TempDir private Path folder;

    @Test
    void whatIsKeptIsReadBackAsItWas() {
        TrialFolder trials = new TrialFolder(folder.resolve("a").resolve("b"));
        assertThat(trials.trial("trial-1")).isEmpty();
        trials.keep("trial-1", TRIAL);
        MaskedTrial masked = new MaskedTrial("m", 512, 50, List.of(1, 2), "x\n", 0.25, 3);
        trials.keep("masked-1", masked);
        TrialFolder again = new TrialFolder(folder.resolve("a").resolve("b"));
        assertThat(again.trial("trial-1")).contains(TRIAL);
        assertThat(again.masked("masked-1")).contains(masked);
        assertThat(again.trial("trial-2")).isEmpty();
    }

    /** What a machine that lost its power may leave, and what is no trial at all. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "null",
                "{}",
                "{\"needle\": {}}",
                "{\"needle\": \"a\", \"length\": \"x\"}",
                "\"trial\""
            })
    void aFileThatCannotBeUnderstoodCountsAsMissing(String content) throws IOException {
        TrialFolder trials = new TrialFolder(folder);
        Files.writeString(folder.resolve("trial-1.json"), content);
        assertThat(trials.trial("trial-1")).isEmpty();
        assertThat(trials.masked("trial-1")).isEmpty();
        trials.keep("trial-1", TRIAL);
        assertThat(trials.trial("trial-1")).contains(TRIAL);
    }

    @Test
    void everyPartOfATrialThatIsCutOffCountsAsMissing() throws IOException {
        TrialFolder trials = new TrialFolder(folder);
        trials.keep("trial-1", TRIAL);
        Path file = folder.resolve("trial-1.json");
        String whole = Files.readString(file);
        for (int length = 0; length < whole.length(); length += 7) {
            Files.writeString(file, whole.substring(0, length));
            assertThat(trials.trial("trial-1")).isEmpty();
        }
    }

    @Test
    void nothingIsLeftBesideTheTrials() throws IOException {
        TrialFolder trials = new TrialFolder(folder);
        trials.keep("trial-1", TRIAL);
        trials.keep("trial-1", TRIAL);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(folder.resolve("trial-1.json"));
        }
    }

    @Test
    void aFileIsNoFolderOfTrials() throws IOException {
        Path file = Files.writeString(folder.resolve("a.txt"), "x");
        assertThatThrownBy(() -> new TrialFolder(file))
                .isInstanceOf(BadInputException.class)
                .hasMessage(
                        file
                                + " cannot be the folder of the trials"
                                + " (FileAlreadyExistsException); name a folder, or one that can"
                                + " be made.");
    }
}
