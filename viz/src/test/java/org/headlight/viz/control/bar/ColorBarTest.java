package org.headlight.viz.control.bar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import javafx.geometry.Bounds;
import javafx.scene.AccessibleAttribute;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;

import org.headlight.viz.control.Look;
import org.headlight.viz.raster.Scale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;

import java.util.ArrayList;
import java.util.List;

@ExtendWith(ApplicationExtension.class)
class ColorBarTest {
    @SuppressWarnings("NullAway.Init") // Made when the stage starts.
    private ColorBar bar;

    private int resets;

    @Start
    void start(Stage stage) {
        bar = new ColorBar();
        bar.scaleProperty().set(new Scale(Scale.Kind.LINEAR, 0, 1));
        Look.show(stage, bar, 80, 480);
        bar.setOnReset(() -> resets++);
    }

    private double y(double position) {
        Bounds box = bar.localToScreen(bar.lookup(".color-bar-canvas").getBoundsInParent());
        double room = BarCanvas.END;
        return box.getMaxY() - room - position * (box.getHeight() - 2 * room);
    }

    private double x() {
        return bar.localToScreen(bar.getBoundsInLocal()).getMinX() + 10;
    }

    @Test
    void theUpperHandleLowersTheUpperEnd(FxRobot robot) {
        robot.drag(x(), y(1)).moveTo(x(), y(0.5)).drop();
        assertThat(bar.scaleProperty().get().high()).isBetween(0.49f, 0.51f);
        assertThat(bar.scaleProperty().get().low()).isZero();
    }

    @Test
    void theBarSaysThatItIsDraggedFromThePressToTheRelease(FxRobot robot) {
        List<String> told = new ArrayList<>();
        bar.draggingProperty().subscribe((old, now) -> told.add("dragging " + now));
        bar.scaleProperty().subscribe((old, now) -> told.add("scale"));
        robot.drag(x(), y(0.9)).moveTo(x(), y(0.7)).moveTo(x(), y(0.5)).drop();
        assertThat(told).startsWith("dragging true", "scale").endsWith("scale", "dragging false");
        assertThat(told).filteredOn(t -> t.startsWith("dragging")).hasSize(2);
        assertThat(told).filteredOn("scale"::equals).hasSizeGreaterThan(2);
    }

    @Test
    void aDragBelowTheEndReachesADecadeFurtherEachTime(FxRobot robot) {
        robot.interact(() -> {
            bar.smallestProperty().set(1e-9f);
            bar.scaleProperty().set(new Scale(Scale.Kind.LOG, 1e-5f, 1));
        });
        robot.drag(x(), y(1 / 6.0)).moveTo(x(), y(-0.2)).drop();
        assertThat(bar.scaleProperty().get().low()).isCloseTo(1e-6f, within(1e-9f));
        robot.drag(x(), y(1 / 7.0)).moveTo(x(), y(-0.2)).drop();
        assertThat(bar.scaleProperty().get().low()).isCloseTo(1e-7f, within(1e-10f));
    }

    @Test
    void tabReachesTheHandlesAndArrowsMoveThem(FxRobot robot) {
        robot.interact(() -> bar.lookup(".color-bar-upper").requestFocus());
        robot.type(KeyCode.DOWN);
        assertThat(bar.scaleProperty().get().high()).isCloseTo(0.98f, within(1e-5f));
        robot.type(KeyCode.TAB);
        robot.type(KeyCode.UP, KeyCode.PAGE_UP);
        assertThat(bar.scaleProperty().get().low()).isCloseTo(0.12f, within(1e-5f));
        assertThat(bar.lookup(".color-bar-lower").getAccessibleText())
                .isEqualTo("Lower end of the colours, 0.120");
        assertThat(
                        bar.lookup(".color-bar-lower")
                                .queryAccessibleAttribute(AccessibleAttribute.VALUE))
                .isEqualTo((double) bar.scaleProperty().get().low());
        assertThat(resets).isZero();
        robot.type(KeyCode.HOME);
        assertThat(resets).isEqualTo(1);
    }

    @Test
    void theMeaningNamesScalePoolingAndWhatIsHidden(FxRobot robot) {
        robot.interact(() -> {
            bar.sinkDroppedProperty().set(true);
            bar.droppedMassProperty().set(0.7712);
        });
        assertThat(bar.meaningProperty().get())
                .isEqualTo(
                        "attention weight, linear scale, largest cell of each pixel, sink dropped,"
                                + " 77 % of mass hidden");
        assertThat(bar.getAccessibleText()).startsWith("Colours from 0 to 1, attention weight");
    }
}
