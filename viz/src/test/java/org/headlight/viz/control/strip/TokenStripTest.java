package org.headlight.viz.control.strip;

import static org.assertj.core.api.Assertions.assertThat;

import javafx.geometry.Point2D;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollBar;
import javafx.scene.input.MouseButton;
import javafx.scene.input.MouseEvent;
import javafx.stage.Stage;

import org.headlight.engine.token.Token;
import org.headlight.viz.control.Look;
import org.headlight.viz.control.Words;
import org.headlight.viz.raster.ColorMap;
import org.headlight.viz.raster.Palette;
import org.headlight.viz.raster.Scale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;

import java.util.Arrays;
import java.util.List;
import java.util.Set;

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

    private double scrolled() {
        return ((ScrollBar) strip.lookup(".scroll-bar")).getValue();
    }

    @Test
    void anotherTextBeginsAtItsStartAndOneThatGrowsStaysWhereItIs(FxRobot robot) {
        List<Token> text = strip.tokensProperty().get();
        robot.interact(() -> strip.reveal(TOKENS / 2));
        double there = scrolled();
        assertThat(there).isPositive();
        robot.interact(() -> strip.tokensProperty().set(List.copyOf(text.subList(0, TOKENS - 9))));
        assertThat(scrolled()).isEqualTo(there);
        robot.interact(() -> strip.tokensProperty().set(text.subList(1, TOKENS)));
        assertThat(scrolled()).isZero();
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

    private void tint() {
        float[] values = new float[TOKENS];
        Arrays.fill(values, Float.NaN);
        values[0] = 1;
        values[2] = 0.25f;
        strip.tintProperty()
                .set(TokenTint.of("received mass", values, new Scale(Scale.Kind.LINEAR, 0, 1)));
    }

    @Test
    void aTintColorsTheTokensThatHaveAValueAndIsSpoken(FxRobot robot) {
        robot.interact(() -> {
            strip.profileProperty().set(new float[TOKENS]);
            tint();
        });
        robot.moveTo(chip(2));
        assertThat(strip.getAccessibleText()).isEqualTo("token 2 'secret', received mass 0.25");
        robot.moveTo(chip(3));
        assertThat(strip.getAccessibleText()).isEqualTo("token 3 'number'");
        int[] seen = new int[2];
        robot.interact(() -> {
            var image = canvas().snapshot(null, null).getPixelReader();
            seen[0] = image.getArgb((int) (52 + canvas().lines().left(0) + 6), 5);
            seen[1] = image.getArgb((int) (52 + canvas().lines().left(2) + 6), 5);
        });
        Palette palette = ColorMap.VIRIDIS.palette(false);
        assertThat(seen).containsExactly(palette.argb(1), palette.argb(0.25f));
    }

    @Test
    void marksHaveALegendRoomAndWords(FxRobot robot) {
        double before = canvas().contentHeight();
        robot.interact(() ->
                strip.marks()
                        .setAll(
                                new TokenMarks("sink", TokenMarks.Sign.ABOVE, Set.of(0, 2)),
                                new TokenMarks("anchor", TokenMarks.Sign.BELOW, Set.of(2))));
        assertThat(canvas().contentHeight()).isGreaterThan(before);
        assertThat(strip.lookupAll(".token-strip-signs .token-strip-hint"))
                .extracting(node -> ((Label) node).getText())
                .containsExactly("sink", "anchor");
        StripLayout lines = canvas().lines();
        Point2D second = canvas().localToScreen(52 + lines.left(2) + 6, canvas().lineHeight() / 2);
        robot.moveTo(second);
        assertThat(strip.hoveredProperty().get()).isEqualTo(2);
        assertThat(strip.getAccessibleText()).isEqualTo("token 2 'secret', sink, anchor");
        robot.interact(() -> strip.marks().clear());
        assertThat(strip.lookup(".token-strip-signs").isVisible()).isFalse();
    }
}
