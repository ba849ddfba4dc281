package org.headlight.viz.control.strip;

import static org.assertj.core.api.Assertions.assertThat;

import javafx.geometry.Point2D;
import javafx.scene.input.MouseButton;
import javafx.scene.input.MouseEvent;
import javafx.stage.Stage;

import org.headlight.viz.control.Look;
import org.headlight.viz.control.Words;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;

@ExtendWith(ApplicationExtension.class)
class TokenStripTest {
    private static final int TOKENS = 32_768;

    @SuppressWarnings("NullAway.Init") // Made when the stage starts.
    private TokenStrip strip;

    @Start
    void start(Stage stage) {
        strip = new TokenStrip();
        strip.tokensProperty().set(Words.tokens(TOKENS));
        Look.show(stage, strip, 800, 240);
    }

    private StripCanvas canvas() {
        return (StripCanvas) strip.lookup(".token-strip-canvas");
    }

    private Point2D chip(int position) {
        StripLayout lines = canvas().lines();
        return canvas().localToScreen(
                        52 + lines.left(position) + 6,
                        lines.lineOf(position) * StripCanvas.LINE + 12);
    }

    @Test
    void aClickPicksTheQueryAndWithShiftTheKey(FxRobot robot) {
        robot.clickOn(chip(5));
        assertThat(strip.queryProperty().get()).isEqualTo(5);
        Point2D third = canvas().localToScene(canvas().screenToLocal(chip(3)));
        robot.interact(() -> canvas().fireEvent(shiftClick(third)));
        assertThat(strip.keyProperty().get()).isEqualTo(3);
        assertThat(strip.queryProperty().get()).isEqualTo(5);
    }

    /** The headless robot does not put the modifiers that are held into mouse events. */
    private static MouseEvent shiftClick(Point2D at) {
        return new MouseEvent(
                MouseEvent.MOUSE_CLICKED,
                at.getX(),
                at.getY(),
                at.getX(),
                at.getY(),
                MouseButton.PRIMARY,
                1,
                true,
                false,
                false,
                false,
                false,
                false,
                false,
                true,
                false,
                true,
                null);
    }

    @Test
    void theSwitchTurnsAClickIntoAKey(FxRobot robot) {
        robot.clickOn(".token-strip-key");
        assertThat(strip.modeProperty().get()).isEqualTo(PickMode.KEY);
        robot.clickOn(chip(7));
        assertThat(strip.keyProperty().get()).isEqualTo(7);
        assertThat(strip.queryProperty().get()).isEqualTo(TokenStrip.NONE);
    }

    @Test
    void theTokenUnderThePointerIsSpoken(FxRobot robot) {
        robot.moveTo(chip(2));
        assertThat(strip.hoveredProperty().get()).isEqualTo(2);
        assertThat(strip.getAccessibleText()).isEqualTo("token 2 'secret'");
    }

    @Test
    void linesPartitionTheTokensAndFitTheWidth() {
        StripLayout lines = canvas().lines();
        int next = 0;
        for (int line = 0; line < lines.lines(); line++) {
            assertThat(lines.start(line)).isEqualTo(next);
            next = lines.end(line);
            assertThat(lines.lineOf(next - 1)).isEqualTo(line);
        }
        assertThat(next).isEqualTo(TOKENS);
    }
}
