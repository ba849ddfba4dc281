package org.headlight.analysis.rhythm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.headlight.analysis.survey.Survey;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.model.HandWiredModel;
import org.headlight.engine.model.HandWiredModel.Role;
import org.headlight.engine.model.Model;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** The rhythm of a model whose heads look where they were made to look. */
class HandWiredRhythmTest {
    private static final int LENGTH = 50;

    @TempDir static Path folder;
    private static Model model;

    @BeforeAll
    static void open() {
        model = HandWiredModel.open(folder);
    }

    @AfterAll
    static void close() {
        model.close();
    }

    /** No word twice, and no word's successor before it. */
    private static Capture capture() {
        int[] ids =
                IntStream.range(0, LENGTH).map(i -> HandWiredModel.VOCABULARY - 1 - i).toArray();
        return model.capture(model.tokenizer().orElseThrow().describe(ids), Progress.NONE);
    }

    private static RhythmPart surveyed(Capture capture, int from) {
        RhythmPart part = new RhythmPart(capture, from, RhythmSettings.defaults());
        Survey.run(capture, List.of(part), SweepOptions.standard(), Progress.NONE);
        return part;
    }

    private static RhythmHead head(Rhythm rhythm, Role role) {
        return rhythm.heads().stream()
                .filter(h -> h.name().equals(role.headName()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void headsAreAsFarSightedAsTheyWereMade() {
        try (Capture capture = capture()) {
            Rhythm rhythm = surveyed(capture, 0).rhythm(null);
            double meanPosition = (LENGTH - 1) / 2.0;
            // The first row can only look at itself.
            assertThat(head(rhythm, Role.PREVIOUS).distance())
                    .isCloseTo((LENGTH - 1.0) / LENGTH, within(0.05));
            assertThat(head(rhythm, Role.SINK).distance()).isCloseTo(meanPosition, within(0.3));
            assertThat(head(rhythm, Role.UNIFORM).distance())
                    .isCloseTo(meanPosition / 2, within(0.3));
            assertThat(head(rhythm, Role.DUPLICATE).distance()).isCloseTo(0, within(0.3));
            assertThat(rhythm.global()).contains(head(rhythm, Role.SINK));
            assertThat(rhythm.local()).doesNotContain(head(rhythm, Role.SINK));
            assertThat(rhythm.local()).doesNotContain(head(rhythm, Role.UNIFORM));
        }
    }

    @Test
    void theRestLeansOnNoTokenButTheFirst() {
        try (Capture capture = capture()) {
            Rhythm rhythm = surveyed(capture, 0).rhythm(null);
            RhythmToken strongest =
                    rhythm.tokens().stream()
                            .filter(t -> !Double.isNaN(t.fai()))
                            .max((a, b) -> Double.compare(a.fai(), b.fai()))
                            .orElseThrow();
            assertThat(strongest.position()).isZero();
        }
    }

    @Test
    void aPartOfTheSurveyFindsWhatTheRhythmFindsAlone() {
        double[] entropy = IntStream.range(0, LENGTH).mapToDouble(i -> i / 7.0).toArray();
        try (Capture capture = capture()) {
            Rhythm found = surveyed(capture, 12).rhythm(entropy);
            Rhythm alone =
                    RhythmSurvey.of(
                            capture,
                            12,
                            entropy,
                            RhythmSettings.defaults(),
                            SweepOptions.standard(),
                            Progress.NONE);
            assertThat(found.heads()).isEqualTo(alone.heads());
            assertThat(found.tokens()).isEqualTo(alone.tokens());
            assertThat(found.coupling()).isEqualTo(alone.coupling());
        }
    }
}
