package org.headlight.viz.control.map;

import static org.assertj.core.api.Assertions.assertThat;

import javafx.geometry.Bounds;
import javafx.geometry.Point2D;
import javafx.geometry.VerticalDirection;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.image.Image;
import javafx.scene.image.ImageView;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;

import org.headlight.viz.control.FormulaMap;
import org.headlight.viz.control.Look;
import org.headlight.viz.control.Words;
import org.headlight.viz.raster.ColorMap;
import org.headlight.viz.raster.MapPainter;
import org.headlight.viz.raster.MapViewport;
import org.headlight.viz.raster.PaintStyle;
import org.headlight.viz.raster.Pooling;
import org.headlight.viz.raster.Scale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;
import org.testfx.util.WaitForAsyncUtils;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

@ExtendWith(ApplicationExtension.class)
class HeatmapViewTest {
    private static final int SIZE = 1000;

    private final FormulaMap map = new FormulaMap(SIZE);

    @SuppressWarnings("NullAway.Init") // Made when the stage starts.
    private HeatmapView view;

    @Start
    void start(Stage stage) {
        view = new HeatmapView();
        view.animatedProperty().set(false);
        view.queryTokensProperty().set(Words.tokens(SIZE));
        view.keyTokensProperty().set(Words.tokens(SIZE));
        view.mapProperty().set(map);
        Look.show(stage, view, 800, 700);
    }

    private static void until(Callable<Boolean> condition) throws TimeoutException {
        WaitForAsyncUtils.waitFor(20, TimeUnit.SECONDS, condition);
        WaitForAsyncUtils.waitForFxEvents();
    }

    private Node part(String styleClass) {
        return view.lookup("." + styleClass);
    }

    private Point2D plotPoint(double x, double y) {
        Bounds plot = part("heatmap-plot").localToScreen(part("heatmap-plot").getLayoutBounds());
        return new Point2D(plot.getMinX() + x, plot.getMinY() + y);
    }

    private MapViewport viewport() {
        MapViewport now = view.viewportProperty().get();
        assertThat(now).isNotNull();
        return now;
    }

    private void set(Runnable change) {
        new FxRobot().interact(change);
    }

    @Test
    void theWheelZoomsSoThatTheCellUnderThePointerStays(FxRobot robot) {
        Point2D at = plotPoint(300, 400);
        robot.moveTo(at);
        Cell before = view.hoveredCellProperty().get();
        double size = viewport().cellsPerPixel();
        for (int i = 0; i < 6; i++) {
            robot.scroll(VerticalDirection.UP);
        }
        WaitForAsyncUtils.waitForFxEvents();
        assertThat(viewport().cellsPerPixel()).isLessThan(size / 1.5);
        Cell after = view.hoveredCellProperty().get();
        assertThat(Math.abs(after.row() - before.row())).isLessThanOrEqualTo(1);
        assertThat(Math.abs(after.col() - before.col())).isLessThanOrEqualTo(1);
    }

    @Test
    void aDragMovesTheMapWithThePointerAndLocksNothing(FxRobot robot) {
        set(() -> view.oneToOne());
        double col = viewport().col0();
        double row = viewport().row0();
        robot.drag(plotPoint(300, 300)).moveBy(-10, -6).moveBy(-20, -14).drop();
        assertThat(viewport().col0()).isEqualTo(col + 30);
        assertThat(viewport().row0()).isEqualTo(row + 20);
        assertThat(view.selectedCellProperty().get()).isNull();
    }

    @Test
    void keysFitShowOneToOneZoomAndPan(FxRobot robot) {
        MapViewport fitted = viewport();
        robot.type(KeyCode.DIGIT1);
        assertThat(viewport().cellsPerPixel()).isEqualTo(1);
        double col = viewport().col0();
        robot.type(KeyCode.D);
        assertThat(viewport().col0()).isEqualTo(col + viewport().width() / 8.0);
        robot.type(KeyCode.A);
        assertThat(viewport().col0()).isEqualTo(col);
        robot.type(KeyCode.PLUS);
        assertThat(viewport().cellsPerPixel()).isEqualTo(0.5);
        robot.type(KeyCode.SPACE);
        assertThat(viewport()).isEqualTo(fitted);
    }

    @Test
    void aClickLocksACellAndEscapeLetsItGo(FxRobot robot) {
        robot.clickOn(plotPoint(100, 400));
        Cell locked = view.selectedCellProperty().get();
        assertThat(locked).isEqualTo(view.hoveredCellProperty().get()).isNotNull();
        robot.moveTo(plotPoint(200, 420));
        assertThat(view.currentCellProperty().get()).isEqualTo(locked);
        robot.type(KeyCode.ESCAPE);
        assertThat(view.selectedCellProperty().get()).isNull();
        assertThat(view.currentCellProperty().get()).isEqualTo(view.hoveredCellProperty().get());
    }

    @Test
    void arrowsMoveTheLockedCellByOneOrTenAndStayInside(FxRobot robot) {
        set(() -> view.selectedCellProperty().set(new Cell(512, 3)));
        robot.type(KeyCode.DOWN, KeyCode.RIGHT);
        assertThat(view.selectedCellProperty().get()).isEqualTo(new Cell(513, 4));
        robot.press(KeyCode.SHIFT).type(KeyCode.UP, KeyCode.LEFT).release(KeyCode.SHIFT);
        assertThat(view.selectedCellProperty().get()).isEqualTo(new Cell(503, 0));
    }

    @Test
    void namesTakeRoomOnlyWhereCellsAreLarge() {
        double top = part("heatmap-plot").getLayoutY();
        assertThat(top).isLessThan(48);
        set(() -> view.zoom(8));
        assertThat(part("heatmap-plot").getLayoutY()).isEqualTo(top);
        set(() -> view.zoom(4));
        assertThat(part("heatmap-plot").getLayoutY()).isEqualTo(top + 52);
        MapViewport large = viewport();
        set(() -> view.pan(-400, 300));
        assertThat(part("heatmap-plot").getLayoutY()).isEqualTo(top + 52);
        assertThat(viewport().width()).isEqualTo(large.width());
        set(() -> view.fit());
        assertThat(part("heatmap-plot").getLayoutY()).isEqualTo(top);
        assertThat(viewport()).isEqualTo(viewport().fit(SIZE, SIZE));
    }

    @Test
    void aCellStaysUnderThePointerWhenTheRoomForNamesComes(FxRobot robot) {
        set(() -> view.zoom(8));
        robot.moveTo(plotPoint(300, 300));
        for (int i = 0; i < 40 && part("heatmap-plot").getLayoutY() < 60; i++) {
            Cell before = view.hoveredCellProperty().get();
            robot.scroll(VerticalDirection.UP);
            robot.moveBy(1, 0).moveBy(-1, 0);
            Cell after = view.hoveredCellProperty().get();
            assertThat(Math.abs(after.row() - before.row())).isLessThanOrEqualTo(1);
            assertThat(Math.abs(after.col() - before.col())).isLessThanOrEqualTo(1);
        }
        assertThat(part("heatmap-plot").getLayoutY()).isGreaterThan(60);
    }

    @Test
    void theCardSaysEverythingAboutACellExactly(FxRobot robot) throws TimeoutException {
        set(() -> view.selectedCellProperty().set(new Cell(512, 3)));
        until(() -> view.getAccessibleText().startsWith("query 512"));
        assertThat(text("heatmap-card-query")).isEqualTo("512  \u00b7secret");
        assertThat(text("heatmap-card-key")).isEqualTo("3  \u00b7number");
        assertThat(text("heatmap-card-distance")).isEqualTo("509 back");
        assertThat(Float.parseFloat(text("heatmap-card-probability"))).isEqualTo(map.value(512, 3));
        assertThat(text("heatmap-card-rank")).matches("rank \\d+ of 513");
        assertThat(view.getAccessibleText())
                .matches("query 512 'secret', key 3 'number', [0-9.]+e-4, rank \\d+");
    }

    @Test
    void aMaskedCellIsNotVisibleToItsQuery(FxRobot robot) throws TimeoutException {
        set(() -> view.selectedCellProperty().set(new Cell(3, 512)));
        until(() -> view.getAccessibleText().startsWith("query 3 "));
        assertThat(text("heatmap-card-probability")).isEqualTo("not visible to this query");
        assertThat(text("heatmap-card-distance")).isEqualTo("509 ahead");
        assertThat(view.getAccessibleText())
                .isEqualTo("query 3 'number', key 512 'secret', not visible to this query");
    }

    private String text(String styleClass) {
        return ((Label) part(styleClass)).getText();
    }

    @Test
    void theOverviewHidesWhenAllIsSeenAndItsDragLooksElsewhere(FxRobot robot)
            throws TimeoutException {
        assertThat(part("heatmap-overview").isVisible()).isFalse();
        set(() -> {
            view.oneToOne();
            view.zoom(8);
        });
        until(() -> part("heatmap-overview").isVisible());
        Bounds box =
                part("heatmap-overview").localToScreen(part("heatmap-overview").getLayoutBounds());
        robot.drag(box.getMinX() + 60, box.getMinY() + 60)
                .moveTo(box.getMinX() + 30, box.getMinY() + 90);
        robot.drop();
        double col = viewport().col0() + viewport().width() * viewport().cellsPerPixel() / 2;
        double row = viewport().row0() + viewport().height() * viewport().cellsPerPixel() / 2;
        assertThat(col).isBetween(230.0, 270.0);
        assertThat(row).isBetween(730.0, 770.0);
    }

    @Test
    void thePictureIsWhatThePainterMakesAndNeverLargerThanThePlot() throws TimeoutException {
        until(() -> view.badgeProperty().get().equals("max-pooled 1.6\u00d7"));
        Image image = ((ImageView) view.lookup("ImageView")).getImage();
        MapViewport now = viewport();
        assertThat(image.getWidth())
                .isEqualTo(Math.floor(part("heatmap-plot").getLayoutBounds().getWidth()));
        assertThat((int) image.getHeight()).isEqualTo(now.height());
        int[] expected = new int[now.width() * now.height()];
        PaintStyle style =
                new PaintStyle(
                        Pooling.MAX,
                        new Scale(Scale.Kind.LOG, 1e-4f, 1),
                        ColorMap.VIRIDIS.palette(false));
        new MapPainter(style).paint(map, now, expected);
        for (int y = 0; y < now.height(); y += 7) {
            for (int x = 0; x < now.width(); x += 7) {
                assertThat(image.getPixelReader().getArgb(x, y))
                        .as("pixel %d, %d", x, y)
                        .isEqualTo(expected[y * now.width() + x]);
            }
        }
    }

    @Test
    void theHoveredCellIsTheOneUnderThePointerAlsoWhenTheMapMovesBelowIt(FxRobot robot) {
        robot.moveTo(plotPoint(300, 400));
        Cell before = view.hoveredCellProperty().get();
        set(() -> view.zoom(4));
        WaitForAsyncUtils.waitForFxEvents();
        assertThat(view.hoveredCellProperty().get())
                .isEqualTo(new Cell(viewport().rowAt(400), viewport().colAt(300)))
                .isNotEqualTo(before);
        robot.type(KeyCode.SPACE);
        WaitForAsyncUtils.waitForFxEvents();
        assertThat(view.hoveredCellProperty().get()).isEqualTo(before);
    }

    @Test
    void framesAreCounted() {
        set(() -> view.frameTimes().reset());
        set(() -> view.zoom(2));
        assertThat(view.frameTimes().count()).isPositive();
        assertThat(view.frameTimes().p95Millis())
                .isGreaterThanOrEqualTo(view.frameTimes().medianMillis());
    }
}
