package org.headlight.viz.control.bar;

import static org.assertj.core.api.Assertions.assertThat;

import javafx.geometry.Bounds;
import javafx.scene.control.Label;
import javafx.stage.Stage;

import org.headlight.viz.control.Look;
import org.headlight.viz.raster.Scale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;

@ExtendWith(ApplicationExtension.class)
class ColorBarTest {
    @SuppressWarnings("NullAway.Init") // Made when the stage starts.
    private ColorBar bar;

    @Start
    void start(Stage stage) {
        bar = new ColorBar();
        bar.scaleProperty().set(new Scale(Scale.Kind.LINEAR, 0, 1));
        Look.show(stage, bar, 432, 80);
    }

    @Test
    void theRightHandleLowersTheUpperEnd(FxRobot robot) {
        Bounds box = bar.localToScreen(bar.lookup(".color-bar-canvas").getBoundsInParent());
        double right = box.getMaxX() - 16;
        double y = box.getMinY() + 10;
        double width = box.getWidth() - 32;
        robot.drag(right, y).moveTo(right - width / 2, y).drop();
        assertThat(bar.scaleProperty().get().high()).isBetween(0.49f, 0.51f);
        assertThat(bar.scaleProperty().get().low()).isZero();
    }

    @Test
    void theMeaningNamesScalePoolingAndWhatIsHidden(FxRobot robot) {
        robot.interact(() -> {
            bar.sinkDroppedProperty().set(true);
            bar.droppedMassProperty().set(0.7712);
        });
        assertThat(((Label) bar.lookup(".color-bar-meaning")).getText())
                .isEqualTo(
                        "attention weight, linear scale, largest cell of each pixel, sink dropped,"
                                + " 77 % of mass hidden");
        assertThat(bar.getAccessibleText()).startsWith("Colours from 0 to 1, attention weight");
    }
}
