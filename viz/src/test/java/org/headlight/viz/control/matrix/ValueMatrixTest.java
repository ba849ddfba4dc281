package org.headlight.viz.control.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import javafx.geometry.Point2D;
import javafx.scene.input.KeyCode;
import javafx.scene.input.MouseButton;
import javafx.scene.input.MouseEvent;
import javafx.stage.Stage;

import org.headlight.viz.control.Look;
import org.headlight.viz.raster.ColorMap;
import org.headlight.viz.raster.Scale;
import org.headlight.viz.raster.ValueGrid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

@ExtendWith(ApplicationExtension.class)
class ValueMatrixTest {
    @SuppressWarnings("NullAway.Init") // Made when the stage starts.
    private ValueMatrix matrix;

    @Start
    void start(Stage stage) {
        matrix = new ValueMatrix();
        matrix.valuesProperty()
                .set(
                        ValueGrid.heads(
                                List.of("L0", "L1", "L2"),
                                "sink rate",
                                new double[][] {{0, 0.25}, {0.5, 1}, {Double.NaN}}));
        matrix.scaleProperty().set(new Scale(Scale.Kind.LINEAR, 0, 1));
        matrix.markingProperty().set(true);
        Look.show(stage, matrix, 300, 200);
    }

    private MatrixCanvas canvas() {
        return (MatrixCanvas) matrix.lookup(".value-matrix-canvas");
    }

    private Point2D cell(int row, int column) {
        MatrixLayout at = canvas().cells();
        return canvas().localToScreen(
                        at.x(column) + at.cellWidth() / 2, at.y(row) + at.cellHeight() / 2);
    }

    @Test
    void aClickSelectsACellAndItIsSpoken(FxRobot robot) {
        robot.clickOn(cell(1, 0));
        assertThat(matrix.selectedProperty().get()).isEqualTo(new MatrixCell(1, 0));
        assertThat(matrix.getAccessibleText()).isEqualTo("L1H0, sink rate 0.5, selected");
        robot.moveTo(cell(2, 1));
        assertThat(matrix.getAccessibleText()).isEqualTo("L2H1, sink rate no value");
    }

    @Test
    void arrowsMoveEnterSelectsSpaceMarksAndEscapeEndsTheHover(FxRobot robot) {
        robot.moveTo(0, 0);
        robot.type(KeyCode.DOWN, KeyCode.DOWN, KeyCode.END);
        assertThat(matrix.hoveredProperty().get()).isEqualTo(new MatrixCell(1, 1));
        robot.type(KeyCode.SPACE);
        assertThat(matrix.marked()).containsExactly(new MatrixCell(1, 1));
        assertThat(matrix.selectedProperty().get()).isNull();
        robot.type(KeyCode.ENTER);
        assertThat(matrix.getAccessibleText()).isEqualTo("L1H1, sink rate 1, selected, marked");
        robot.type(KeyCode.SPACE, KeyCode.ESCAPE);
        assertThat(matrix.marked()).isEmpty();
        assertThat(matrix.hoveredProperty().get()).isNull();
    }

    @Test
    void aShiftClickMarksWithoutSelecting(FxRobot robot) {
        Point2D at = canvas().localToScene(canvas().screenToLocal(cell(0, 1)));
        robot.interact(() -> canvas().fireEvent(shiftClick(at)));
        assertThat(matrix.marked()).containsExactly(new MatrixCell(0, 1));
        assertThat(matrix.selectedProperty().get()).isNull();
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
    void cellsHaveTheColorsOfTheScale(FxRobot robot) {
        robot.moveTo(0, 0);
        MatrixLayout at = canvas().cells();
        int[] expected = {
            ColorMap.VIRIDIS.palette(false).argb(0.25f), ColorMap.VIRIDIS.palette(false).argb(1)
        };
        int[] seen = new int[2];
        robot.interact(() -> {
            var image = canvas().snapshot(null, null);
            for (int i = 0; i < 2; i++) {
                int x = (int) (at.x(1) + 3);
                int y = (int) (at.y(i) + 3);
                seen[i] = image.getPixelReader().getArgb(x, y);
            }
        });
        assertThat(seen).containsExactly(expected);
    }

    @Test
    void theUsualScaleGoesFromZeroToTheLargestValue(FxRobot robot) {
        robot.interact(() -> matrix.scaleProperty().set(null));
        assertThat(matrix.scale()).isEqualTo(new Scale(Scale.Kind.LINEAR, 0, 1));
        ValueGrid negative = ValueGrid.heads(List.of("L0"), "change", new double[][] {{-2, 3}});
        assertThat(negative.linear()).isEqualTo(new Scale(Scale.Kind.LINEAR, -2, 3));
    }

    @Test
    void everyCellOfALargeModelHasItsPlace() {
        MatrixLayout at = MatrixLayout.of(20, 18, 280, 240, 60, 64);
        Set<MatrixCell> found = new HashSet<>();
        for (double x = at.left() + 0.5; x < at.right(); x++) {
            for (double y = at.top() + 0.5; y < at.bottom(); y++) {
                found.add(at.at(x, y));
            }
        }
        assertThat(found).hasSize(60 * 64);
        assertThat(at.at(at.left() - 1, at.top() + 1)).isNull();
        assertThat(at.at(at.right() + 1, at.top() + 1)).isNull();
    }

    @Test
    void aTableIsNamedAndWrittenAsCsv() {
        ValueGrid grid =
                ValueGrid.of(
                        new ValueGrid.Axis("length", List.of("512", "1,024")),
                        new ValueGrid.Axis("depth", List.of("0 %", "50 %")),
                        "recall",
                        new double[][] {{1, 0.5}, {Double.NaN, 0}});
        assertThat(grid.name(1, 0)).isEqualTo("length 1,024, depth 0 %");
        assertThat(grid.text(1, 0)).isEqualTo("no value");
        assertThat(grid.csv()).isEqualTo("length/depth,0 %,50 %\n512,1.0,0.5\n\"1,024\",,0.0\n");
        assertThatThrownBy(() -> ValueGrid.heads(List.of("L0"), "", new double[][] {{1}, {2}}))
                .hasMessage("2 rows of values for 1 labels");
    }
}
