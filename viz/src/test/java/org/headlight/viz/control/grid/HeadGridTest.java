package org.headlight.viz.control.grid;

import static org.assertj.core.api.Assertions.assertThat;

import javafx.geometry.Point2D;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;

import org.headlight.viz.control.FormulaMap;
import org.headlight.viz.control.Look;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;
import org.testfx.util.WaitForAsyncUtils;

import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;

@ExtendWith(ApplicationExtension.class)
class HeadGridTest {
    private final Set<HeadRef> fetched = ConcurrentHashMap.newKeySet();

    @SuppressWarnings("NullAway.Init") // Made when the stage starts.
    private HeadGrid grid;

    @Start
    void start(Stage stage) {
        grid = new HeadGrid();
        for (int layer = 0; layer < 32; layer++) {
            grid.rows()
                    .add(
                            new HeadRow(
                                    "layer " + layer,
                                    List.of("L" + layer + "H0", "L" + layer + "H1")));
        }
        grid.sourceProperty()
                .set(head -> {
                    fetched.add(head);
                    return new FormulaMap(65);
                });
        Look.show(stage, grid, 240, 400);
    }

    private Point2D head(int line, int column) {
        GridCanvas canvas = (GridCanvas) grid.lookup(".head-grid-canvas");
        double side = canvas.side();
        return canvas.localToScreen(
                28 + column * (side + 4) + side / 2, 4 + canvas.topOf(line) + side / 2);
    }

    @Test
    void hoverPreviewsAndAClickLocks(FxRobot robot) {
        robot.moveTo(head(1, 0));
        assertThat(grid.hoveredHeadProperty().get()).isEqualTo(new HeadRef(1, 0));
        assertThat(grid.selectedHeadProperty().get()).isNull();
        robot.clickOn(head(1, 1));
        assertThat(grid.selectedHeadProperty().get()).isEqualTo(new HeadRef(1, 1));
        assertThat(grid.getAccessibleText()).isEqualTo("head L1H1, selected");
    }

    @Test
    void arrowsMoveEnterLocksAndEscapeEndsThePreview(FxRobot robot) {
        robot.moveTo(0, 0);
        robot.type(KeyCode.DOWN);
        assertThat(grid.hoveredHeadProperty().get()).isEqualTo(new HeadRef(0, 0));
        robot.type(KeyCode.DOWN, KeyCode.RIGHT, KeyCode.RIGHT);
        assertThat(grid.hoveredHeadProperty().get()).isEqualTo(new HeadRef(1, 1));
        robot.type(KeyCode.ENTER);
        assertThat(grid.selectedHeadProperty().get()).isEqualTo(new HeadRef(1, 1));
        robot.type(KeyCode.ESCAPE);
        assertThat(grid.hoveredHeadProperty().get()).isNull();
    }

    @Test
    void onlyThumbnailsThatAreSeenAreFetched() throws TimeoutException {
        WaitForAsyncUtils.waitFor(20, TimeUnit.SECONDS, () -> fetched.contains(new HeadRef(2, 1)));
        assertThat(fetched).doesNotContain(new HeadRef(31, 0));
    }

    @Test
    void aLayerTooWideForOneLineTakesSeveralOfAboutEqualLength() {
        List<HeadRow> rows =
                List.of(
                        new HeadRow("layer 0", Collections.nCopies(12, "H")),
                        new HeadRow("layer 1", Collections.nCopies(16, "H")),
                        new HeadRow("layer 2", Collections.nCopies(7, "H")));
        GridLayout layout = GridLayout.of(rows, HeadOrder.POSITION, java.util.Map.of(), 7);
        assertThat(IntStream.range(0, layout.lines()).map(i -> layout.line(i).size()))
                .containsExactly(6, 6, 6, 6, 4, 7);
        assertThat(layout.wrapped()).isTrue();
        assertThat(layout.line(1).getFirst()).isEqualTo(new HeadRef(0, 6));
        assertThat(layout.moved(new HeadRef(0, 3), 1, 0)).isEqualTo(new HeadRef(0, 9));
        GridLayout roomy = GridLayout.of(rows, HeadOrder.POSITION, java.util.Map.of(), 16);
        assertThat(roomy.lines()).isEqualTo(3);
        assertThat(roomy.wrapped()).isFalse();
    }

    @Test
    void everyHeadOfAWideModelIsSeenWithoutScrollingSideways() {
        WaitForAsyncUtils.waitForAsyncFx(
                20_000,
                () -> {
                    grid.rows().setAll(new HeadRow("layer 0", Collections.nCopies(32, "H")));
                    grid.layout();
                });
        GridCanvas canvas = (GridCanvas) grid.lookup(".head-grid-canvas");
        Set<HeadRef> found = new HashSet<>();
        for (int x = 0; x < canvas.getWidth(); x += 4) {
            for (int y = 0; y < canvas.getHeight(); y += 4) {
                HeadRef head = canvas.headAt(x, y);
                if (head != null) {
                    found.add(head);
                }
            }
        }
        assertThat(found).hasSize(32);
    }

    @Test
    void scoresOrderTheHeadsWithTheLargestFirst() {
        List<HeadRow> rows =
                List.of(
                        new HeadRow("layer 0", List.of("L0H0", "L0H1", "L0H2")),
                        new HeadRow("layer 1", List.of("L1H0", "L1H1")));
        GridLayout layout =
                GridLayout.of(
                        rows,
                        HeadOrder.SCORE,
                        java.util.Map.of(
                                new HeadRef(1, 1), 0.9,
                                new HeadRef(0, 2), 0.5,
                                new HeadRef(0, 0), Double.NaN));
        assertThat(layout.line(0))
                .containsExactly(new HeadRef(1, 1), new HeadRef(0, 2), new HeadRef(0, 0));
        assertThat(layout.line(1)).containsExactly(new HeadRef(0, 1), new HeadRef(1, 0));
        assertThat(layout.moved(new HeadRef(0, 0), 1, 0)).isEqualTo(new HeadRef(1, 0));
    }
}
