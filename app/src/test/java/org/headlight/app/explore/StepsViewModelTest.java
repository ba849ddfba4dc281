package org.headlight.app.explore;

import static org.assertj.core.api.Assertions.assertThat;

import org.headlight.app.task.DirectTaskRunner;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.generate.Candidate;
import org.headlight.engine.generate.GeneratedToken;
import org.headlight.engine.token.Token;
import org.headlight.viz.raster.MapBuilder;
import org.junit.jupiter.api.Test;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

class StepsViewModelTest {
    private final Map<Capture, List<GeneratedToken>> details = new HashMap<>();
    private final ExploreViewModel explore =
            new ExploreViewModel(new DirectTaskRunner(), new SweepMaps(MapBuilder.standard()));
    private final StepsViewModel steps =
            new StepsViewModel(
                    explore.captureProperty(), capture -> details.getOrDefault(capture, List.of()));

    private static List<Token> words() {
        return FormulaCapture.words("the cat sat on the mat");
    }

    private static FormulaCapture written() {
        return new FormulaCapture(1, 1, words(), 4);
    }

    @Test
    void aTextThatIsAllInputHasNoSteps() {
        explore.show(new FormulaCapture(1, 1, words()));
        assertThat(steps.countProperty().get()).isZero();
        assertThat(steps.textProperty().get()).isEmpty();
        steps.move(1);
        steps.look(5);
        assertThat(steps.stepProperty().get()).isZero();
        assertThat(steps.rowProperty().get()).isEqualTo(-1);
    }

    @Test
    void aStepIsTheRowOfTheTokenThatItRead() {
        explore.show(written());
        assertThat(steps.countProperty().get()).isEqualTo(2);
        assertThat(steps.rowProperty().get()).isEqualTo(-1);
        assertThat(steps.textProperty().get())
                .isEqualTo("2 steps: drag to see what each looked at");
        steps.move(1);
        assertThat(steps.rowProperty().get()).isEqualTo(3);
        assertThat(steps.textProperty().get()).isEqualTo("Step 1 of 2: on \u2192 the");
        steps.move(1);
        steps.move(1);
        assertThat(steps.stepProperty().get()).isEqualTo(2);
        assertThat(steps.rowProperty().get()).isEqualTo(4);
        assertThat(steps.textProperty().get()).isEqualTo("Step 2 of 2: the \u2192 mat");
        assertThat(steps.othersProperty().get()).isEmpty();
    }

    @Test
    void aRowThatIsLookedAtIsItsStepWhereItIsOne() {
        explore.show(written());
        steps.look(4);
        assertThat(steps.stepProperty().get()).isEqualTo(2);
        steps.look(2);
        assertThat(steps.stepProperty().get()).isZero();
        steps.look(5);
        assertThat(steps.stepProperty().get()).isZero();
        steps.look(3);
        assertThat(steps.stepProperty().get()).isEqualTo(1);
        steps.look(-1);
        assertThat(steps.stepProperty().get()).isZero();
    }

    @Test
    void whatIsKnownOfAStepIsTold() {
        FormulaCapture capture = written();
        Token wrote = capture.tokens().get(4);
        Token other = new Token(4, 90, " a", false);
        details.put(
                capture,
                List.of(
                        new GeneratedToken(
                                wrote,
                                "the",
                                Math.log(0.5),
                                List.of(
                                        new Candidate(wrote, Math.log(0.5)),
                                        new Candidate(other, Math.log(0.25))))));
        explore.show(capture);
        steps.stepProperty().set(1);
        assertThat(steps.textProperty().get()).isEqualTo("Step 1 of 2: on \u2192 the 0.5");
        assertThat(steps.othersProperty().get()).isEqualTo("or \u00b7a 0.25");
    }

    @Test
    void anotherCaptureStartsWithoutAStep() {
        explore.show(written());
        steps.stepProperty().set(2);
        explore.show(new FormulaCapture(1, 1, words(), 2));
        assertThat(steps.stepProperty().get()).isZero();
        assertThat(steps.countProperty().get()).isEqualTo(4);
        assertThat(steps.rowProperty().get()).isEqualTo(-1);
    }
}
