package org.headlight.viz.control.profile;

import static org.assertj.core.api.Assertions.assertThat;

import javafx.scene.input.MouseButton;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.stage.Stage;

import org.headlight.viz.control.Look;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;
import org.testfx.util.WaitForAsyncUtils;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** What is drawn, pixel by pixel, against the colours that the style sheet gives to regions. */
@ExtendWith(ApplicationExtension.class)
@SuppressWarnings("NullAway.Init") // Made when the stage starts.
class LevelChartTest {
    private static final int LEFT = 44;
    private static final int TOP = 16;
    private static final int COLUMNS = 200;
    private static final int TALL = 100;

    private LevelChart chart;
    private Region accent;
    private Region ink;
    private VBox root;

    @Start
    void start(Stage stage) {
        chart = new LevelChart("key position", "received mass");
        accent = PlotPixels.swatch("-hl-accent-text");
        ink = PlotPixels.swatch("-hl-text");
        root = new VBox(chart, accent, ink);
        chart.setMinHeight(TOP + TALL + 32);
        chart.setMaxHeight(TOP + TALL + 32);
        chart.setMinWidth(LEFT + COLUMNS + 8);
        chart.setMaxWidth(LEFT + COLUMNS + 8);
        Look.show(stage, root, LEFT + COLUMNS + 8, 300);
    }

    private void show(float[] values, LevelChart.Level... levels) {
        WaitForAsyncUtils.waitForAsyncFx(
                5000,
                () -> {
                    chart.valuesProperty().set(values);
                    chart.levels().setAll(levels);
                });
    }

    /** The plot's pixels [TALL][COLUMNS] as colours. */
    private int[][] plot() {
        return new PlotPixels(root, () -> chart, LEFT, TOP, COLUMNS, TALL).read();
    }

    private static int[] where(int[] line, int color) {
        return IntStream.range(0, line.length).filter(x -> line[x] == color).toArray();
    }

    private static float[] peak(int length, int at, float height) {
        float[] values = new float[length];
        values[at] = height;
        return values;
    }

    @ParameterizedTest
    @CsvSource({"32768, 0", "32768, 20000", "32768, 32767", "1000, 999", "63, 17", "2, 1", "1, 0"})
    void aLonePeakStandsInItsColumnsAtFullHeight(int length, int at) {
        show(peak(length, at, 0.9f));
        int[][] plot = plot();
        int bar = PlotPixels.color(accent);
        int from = (int) ((long) at * COLUMNS / length);
        int to = (int) Math.ceilDiv((at + 1L) * COLUMNS, (long) length);
        for (int y : new int[] {0, TALL / 2, TALL - 1}) {
            assertThat(where(plot[y], bar))
                    .as("row %d", y)
                    .containsExactly(IntStream.range(from, to).toArray());
        }
    }

    /** The columns of each row in which two plots differ. */
    private static int[] changed(int[] one, int[] other) {
        return IntStream.range(0, COLUMNS).filter(x -> one[x] != other[x]).toArray();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.25, 0.5, 0.85})
    void aLevelIsALineAcrossAtItsHeight(double level) {
        float[] values = peak(100, 99, 1);
        show(values);
        int[][] without = plot();
        show(values, new LevelChart.Level("sink", level));
        int[][] with = plot();
        List<Integer> lines = new ArrayList<>();
        for (int y = 0; y < TALL; y++) {
            int[] columns = changed(with[y], without[y]);
            if (columns.length > COLUMNS / 3 && columns[columns.length - 1] > 0.9 * COLUMNS) {
                lines.add(y);
            }
        }
        assertThat(lines).isNotEmpty().allMatch(y -> Math.abs(y + 0.5 - (1 - level) * TALL) <= 1.5);
    }

    @Test
    void aLevelAboveAllBarsIsInTheChart() {
        show(peak(10, 3, 0.5f), new LevelChart.Level("sink", 0.8));
        int bar = PlotPixels.color(accent);
        // The axis ends 15 % above the level.
        long tall = Arrays.stream(plot()).filter(line -> line[65] == bar).count();
        assertThat(tall)
                .isBetween(Math.round(0.5 / 0.92 * TALL) - 2, Math.round(0.5 / 0.92 * TALL));
    }

    @Test
    void barsAboveTheLowestLevelHaveADot() {
        float[] values = new float[COLUMNS];
        values[110] = 0.4f;
        values[150] = 0.2f;
        values[190] = 0.9f;
        values[199] = 1;
        show(values);
        int[][] without = plot();
        show(values, new LevelChart.Level("sink", 0.3), new LevelChart.Level("e", 0.6));
        int[][] with = plot();
        for (int at : new int[] {110, 150, 190}) {
            int top = TALL - Math.round(values[at] * TALL);
            boolean left = with[top][at - 2] != without[top][at - 2];
            boolean right = with[top][at + 2] != without[top][at + 2];
            assertThat(left && right).as("bar %d", at).isEqualTo(values[at] > 0.3f);
            assertThat(left || right).as("bar %d", at).isEqualTo(values[at] > 0.3f);
        }
    }

    @Test
    void onALogarithmicAxisEachDecadeIsEquallyTall() {
        WaitForAsyncUtils.waitForAsyncFx(5000, () -> chart.logarithmicProperty().set(true));
        show(new float[] {1e-4f, 1e-3f, 1e-2f, 1});
        int[][] plot = plot();
        int bar = PlotPixels.color(accent);
        int[] tall = new int[4];
        for (int i = 0; i < 4; i++) {
            int x = i * COLUMNS / 4 + COLUMNS / 8;
            tall[i] = (int) Arrays.stream(plot).filter(line -> line[x] == bar).count();
        }
        assertThat(tall).containsExactly(0, TALL / 4, TALL / 2, TALL);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 63, 1000, 32_768})
    void pointingTellsThePositionAndClickingPicksIt(int length, FxRobot robot) {
        show(new float[length]);
        List<Integer> picked = new ArrayList<>();
        chart.setOnPick(picked::add);
        robot.moveTo(chart.localToScreen(LEFT + 100.0, TOP + 20));
        WaitForAsyncUtils.waitForFxEvents();
        int at = (int) (100.0 / COLUMNS * length);
        assertThat(chart.hoveredProperty().get()).isEqualTo(at);
        robot.clickOn(MouseButton.PRIMARY);
        robot.clickOn(MouseButton.SECONDARY);
        robot.moveTo(chart.localToScreen(LEFT - 10.0, TOP + 20));
        robot.clickOn(MouseButton.PRIMARY);
        WaitForAsyncUtils.waitForFxEvents();
        assertThat(chart.hoveredProperty().get()).isEqualTo(LevelChart.NONE);
        assertThat(picked).containsExactly(at);
    }

    @Test
    void theMarkedPositionHasALineAndNoOtherDoes() {
        show(new float[1000]);
        WaitForAsyncUtils.waitForAsyncFx(5000, () -> chart.markedProperty().set(777));
        int[][] plot = plot();
        int line = PlotPixels.color(ink);
        int column = (int) (777.5 / 1000 * COLUMNS);
        for (int x = 0; x < COLUMNS; x++) {
            int here = x;
            boolean drawn = IntStream.range(10, 30).anyMatch(y -> plot[y][here] == line);
            assertThat(drawn).as("column %d", x).isEqualTo(x == column);
        }
    }
}
