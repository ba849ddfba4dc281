package org.headlight.viz.control.profile;

import static org.assertj.core.api.Assertions.assertThat;

import atlantafx.base.theme.PrimerDark;

import javafx.application.Application;
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

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * What is drawn, pixel by pixel, against the colours that the style sheet gives to plain regions.
 */
@ExtendWith(ApplicationExtension.class)
@SuppressWarnings("NullAway.Init") // Made when the stage starts.
class ProfileChartTest {
    private static final int LEFT = 44;
    private static final int TOP = 16;
    private static final int COLUMNS = 212;
    private static final int TALL = 72;

    private ProfileChart chart;
    private Region accent;
    private Region ink;
    private Region ground;
    private VBox root;

    @Start
    void start(Stage stage) {
        chart = new ProfileChart(ProfileKind.ROW);
        accent = PlotPixels.swatch("-hl-accent-text");
        ink = PlotPixels.swatch("-hl-text");
        ground = PlotPixels.swatch("-hl-surface-quiet");
        root = new VBox(chart, accent, ink, ground);
        chart.setMinHeight(TOP + TALL + 32 + 40 + 8);
        chart.setMaxHeight(TOP + TALL + 32 + 40 + 8);
        chart.setMinWidth(264);
        chart.setMaxWidth(264);
        Look.show(stage, root, 264, 400);
    }

    private void show(float[] values, boolean logarithmic) {
        WaitForAsyncUtils.waitForAsyncFx(
                5000,
                () -> {
                    chart.logarithmicProperty().set(logarithmic);
                    chart.valuesProperty().set(values);
                });
    }

    /** The plot's pixels [TALL][COLUMNS] as colours. */
    private int[][] plot() {
        return new PlotPixels(root, () -> chart.lookup(".profile-canvas"), LEFT, TOP, COLUMNS, TALL)
                .read();
    }

    private static float[] peak(int length, int at) {
        float[] values = new float[length];
        values[at] = 0.9f;
        return values;
    }

    @ParameterizedTest
    @CsvSource({"32768, 0", "32768, 20000", "32768, 32767", "1000, 999", "63, 17", "2, 1", "1, 0"})
    void aLonePeakStandsInItsColumnsAtFullHeight(int length, int at) {
        show(peak(length, at), false);
        int[][] plot = plot();
        int bar = PlotPixels.color(accent);
        int from = (int) ((long) at * COLUMNS / length);
        int to = (int) Math.ceilDiv((at + 1L) * COLUMNS, (long) length);
        for (int y : new int[] {0, TALL / 2, TALL - 1}) {
            int[] line = plot[y];
            assertThat(IntStream.range(0, COLUMNS).filter(x -> line[x] == bar).toArray())
                    .as("row %d", y)
                    .containsExactly(IntStream.range(from, to).toArray());
        }
    }

    @Test
    void maskedPositionsAreGroundAndZerosAreNot() {
        float[] values = new float[1000];
        Arrays.fill(values, 500, 1000, Float.NaN);
        values[0] = 0.5f;
        show(values, false);
        int quiet = PlotPixels.color(ground);
        int[] line = plot()[TALL / 2 - 7];
        assertThat(IntStream.range(1, 106).filter(x -> line[x] == quiet).count()).isZero();
        assertThat(IntStream.range(107, COLUMNS).filter(x -> line[x] == quiet).count())
                .isGreaterThan(50);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 777, 999})
    void theCursorStandsAtItsPosition(int at) {
        show(new float[1000], false);
        WaitForAsyncUtils.waitForAsyncFx(5000, () -> chart.markedProperty().set(at));
        int[][] plot = plot();
        int line = PlotPixels.color(ink);
        int column = (int) ((at + 0.5) / 1000 * COLUMNS);
        for (int x = 0; x < COLUMNS; x++) {
            int column0 = x;
            boolean drawn = IntStream.range(0, 10).anyMatch(y -> plot[y][column0] == line);
            assertThat(drawn).as("column %d", x).isEqualTo(x == column);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 63, 1000, 32_768})
    void pointingTellsThePosition(int length, FxRobot robot) {
        show(new float[length], false);
        var pane = chart.lookup(".profile-canvas");
        robot.moveTo(pane.localToScreen(LEFT + 100.0, TOP + 20));
        WaitForAsyncUtils.waitForFxEvents();
        assertThat(chart.hoveredProperty().get()).isEqualTo((int) (100.0 / COLUMNS * length));
        robot.moveTo(pane.localToScreen(LEFT - 10.0, TOP + 20));
        WaitForAsyncUtils.waitForFxEvents();
        assertThat(chart.hoveredProperty().get()).isEqualTo(ProfileChart.NONE);
    }

    @Test
    void onALogarithmicAxisEachDecadeIsEquallyTall() {
        float[] values = {1e-4f, 1e-3f, 1e-2f, 1};
        show(values, true);
        int[][] plot = plot();
        int bar = PlotPixels.color(accent);
        int[] tall = new int[4];
        for (int i = 0; i < 4; i++) {
            int x = i * COLUMNS / 4 + COLUMNS / 8;
            tall[i] = (int) Arrays.stream(plot).filter(line -> line[x] == bar).count();
        }
        assertThat(tall).containsExactly(0, TALL / 4, TALL / 2, TALL);
    }

    @Test
    void theDarkThemeChangesItsColors() {
        show(peak(63, 10), false);
        int light = PlotPixels.color(accent);
        WaitForAsyncUtils.waitForAsyncFx(
                5000,
                () ->
                        Application.setUserAgentStylesheet(
                                new PrimerDark().getUserAgentStylesheet()));
        WaitForAsyncUtils.waitForFxEvents();
        int dark = PlotPixels.color(accent);
        int[][] plot = plot();
        assertThat(dark).isNotEqualTo(light);
        assertThat(plot[TALL / 2][10 * COLUMNS / 63 + 1]).isEqualTo(dark);
    }

    @Test
    void anEmptyChartHasNoBars() {
        show(new float[0], false);
        int bar = PlotPixels.color(accent);
        assertThat(Arrays.stream(plot()).flatMapToInt(Arrays::stream)).doesNotContain(bar);
    }
}
