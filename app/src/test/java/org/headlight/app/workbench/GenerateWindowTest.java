package org.headlight.app.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import javafx.scene.control.Labeled;
import javafx.scene.control.Spinner;
import javafx.scene.input.KeyCode;

import org.headlight.engine.capture.Capture;
import org.headlight.viz.control.strip.TokenStrip;
import org.junit.jupiter.api.Test;

import java.util.Objects;

/** Writing in the real window, without a display. */
class GenerateWindowTest extends WindowTest {
    private Capture capture() {
        return Objects.requireNonNull(model().explore().captureProperty().get());
    }

    private TokenStrip strip() {
        return lookup(".token-strip").queryAs(TokenStrip.class);
    }

    private String stepText() {
        return lookup(".steps-text").queryAs(Labeled.class).getText();
    }

    @Test
    void theModelWritesOnFromTheTextAndItsStepsAreRowsOfTheMap() throws Exception {
        until(() -> model().explore().mapProperty().get() != null);
        interact(() -> model().input().setText("t", "It was a dark night. It was a"));
        assertThat(lookup(".steps-bar").query().isVisible()).isFalse();

        clickOn(".generate-how");
        Spinner<Integer> tokens = lookup(".generate-panel .spinner").nth(0).query();
        doubleClickOn(tokens.getEditor()).write("10").push(KeyCode.ENTER);
        push(KeyCode.ESCAPE);
        assertThat(model().generate().maxTokensProperty().get()).isEqualTo(10);
        assertThat(lookup(".generate-panel").query().isVisible()).isFalse();

        push(KeyCode.CONTROL, KeyCode.G);
        until(() -> model().explore().captureProperty().get() != null && written() == 10);
        until(() -> model().explore().mapProperty().get() != null);
        int prompt = capture().responseFrom();
        until(() -> strip().responseFromProperty().get() == prompt);
        assertThat(strip().tokensProperty().get()).isEqualTo(capture().tokens());
        assertThat(model().status().factsProperty().get())
                .contains("10 written (as many tokens as asked for)");
        assertThat(stepText()).isEqualTo("10 steps: drag to see what each looked at");

        interact(() -> lookup(".steps-slider").query().requestFocus());
        push(KeyCode.RIGHT);
        push(KeyCode.RIGHT);
        push(KeyCode.LEFT);
        assertThat(stepText()).startsWith("Step 2 of 10: ");
        assertThat(strip().queryProperty().get()).isEqualTo(prompt);
        until(() -> strip().profileProperty().get() != null);
        float[] row = Objects.requireNonNull(strip().profileProperty().get());
        assertThat(row[prompt]).isPositive();
        assertThat(row[prompt + 1]).isNaN();

        push(KeyCode.CONTROL, KeyCode.R);
        until(() -> written() == 0);
        until(() -> strip().responseFromProperty().get() == TokenStrip.NONE);
        assertThat(lookup(".steps-bar").query().isVisible()).isFalse();
    }

    private int written() {
        return capture().tokens().size() - capture().responseFrom();
    }

    @Test
    void stoppingKeepsWhatIsThere() throws Exception {
        until(() -> model().explore().mapProperty().get() != null);
        interact(() -> {
            model().input().setText("t", "one two three one two");
            model().generate().maxTokensProperty().set(3_000);
        });
        clickOn(".generate-button");
        until(() -> strip().responseFromProperty().get() > 0);
        until(() -> model().status().factsProperty().get().startsWith("Writing"));
        clickOn(".generate-button");
        until(() -> !model().generate().writingProperty().get());
        assertThat(model().input().problemProperty().get()).isEmpty();
        assertThat(written()).isBetween(1, 3_000);
        assertThat(model().status().factsProperty().get()).contains("written (cancelled)");
    }
}
