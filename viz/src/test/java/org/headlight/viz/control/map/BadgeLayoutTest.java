package org.headlight.viz.control.map;

import static org.assertj.core.api.Assertions.assertThat;

import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import javafx.scene.text.Text;
import javafx.stage.Stage;

import org.headlight.viz.control.FormulaMap;
import org.headlight.viz.control.Look;
import org.headlight.viz.raster.Pooling;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;
import org.testfx.util.WaitForAsyncUtils;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What a window writes over the map about the picture, beside the map and laid out before it. */
@ExtendWith(ApplicationExtension.class)
class BadgeLayoutTest {
    @SuppressWarnings("NullAway.Init") // Made when the stage starts.
    private Label badge;

    @SuppressWarnings("NullAway.Init") // Made when the stage starts.
    private HeatmapView view;

    @Start
    void start(Stage stage) {
        badge = new Label();
        view = new HeatmapView();
        view.animatedProperty().set(false);
        view.mapProperty().set(new FormulaMap(1000));
        badge.textProperty().bind(view.badgeProperty());
        badge.setMinWidth(Label.USE_PREF_SIZE);
        VBox.setVgrow(view, Priority.ALWAYS);
        Look.show(stage, new VBox(new HBox(badge), view), 800, 700);
    }

    private static void until(Callable<Boolean> condition) throws TimeoutException {
        WaitForAsyncUtils.waitFor(20, TimeUnit.SECONDS, condition);
        WaitForAsyncUtils.waitForFxEvents();
    }

    private String drawn() {
        return badge.lookup(".text") instanceof Text text ? text.getText() : "";
    }

    private String fitting() {
        return BadgeText.of(view.viewportProperty().get(), Pooling.MAX, false);
    }

    private void assertDrawn() throws TimeoutException {
        until(() -> view.badgeProperty().get().equals(fitting()));
        until(() -> drawn().equals(fitting()));
        assertThat(badge.getWidth()).isEqualTo(Math.ceil(badge.prefWidth(-1)));
    }

    @Test
    void theBadgeIsDrawnAnewForEveryMapAndEverySize() throws TimeoutException {
        FxRobot robot = new FxRobot();
        assertDrawn();
        assertThat(drawn()).startsWith("max-pooled 1.");
        robot.interact(() -> view.mapProperty().set(new FormulaMap(3)));
        assertDrawn();
        assertThat(drawn()).isEqualTo("exact");
        robot.interact(() -> view.mapProperty().set(new FormulaMap(1000)));
        assertDrawn();
        String small = drawn();
        robot.interact(() -> view.setMaxSize(500, 400));
        until(() -> !fitting().equals(small));
        assertDrawn();
        robot.interact(() -> view.mapProperty().set(null));
        until(() -> drawn().isEmpty());
    }
}
