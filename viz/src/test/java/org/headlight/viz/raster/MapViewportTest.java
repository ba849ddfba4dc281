package org.headlight.viz.raster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MapViewportTest {

    @ParameterizedTest
    @CsvSource({
        "1, 1, 800, 600, 1",
        "5, 5, 800, 600, 120",
        "64, 64, 800, 600, 9",
        "512, 512, 800, 600, 1",
        "600, 800, 800, 600, 1",
    })
    void fittingASmallMapUsesWholePixelsPerCell(
            int rows, int cols, int width, int height, int pixels) {
        MapViewport view = MapViewport.fit(rows, cols, width, height);
        assertThat(view.magnification()).isEqualTo(rows == 1 ? 256 : pixels);
        assertThat(view.xOf(0) + view.xOf(cols)).isCloseTo(width, within(1.0));
        assertThat(view.yOf(0) + view.yOf(rows)).isCloseTo(height, within(1.0));
    }

    @ParameterizedTest
    @CsvSource({"329, 329, 700, 601", "329, 100, 333, 331", "599, 599, 800, 600", "7, 200, 701, 9"})
    void fittingAMapOfFewPixelsPerCellFillsTheSurfaceAndKeepsEachCell(
            int rows, int cols, int width, int height) {
        MapViewport view = MapViewport.fit(rows, cols, width, height);
        double limit = Math.min((double) width / cols, (double) height / rows);
        assertThat(1 / view.cellsPerPixel()).isCloseTo(limit, within(1e-9));
        assertThat(view.xOf(cols) - view.xOf(0)).isBetween(cols * limit - 1, cols * limit + 1);
        int[] taken = new int[rows];
        for (int y = 0; y < height; y++) {
            int row = view.rowAt(y);
            if (row >= 0 && row < rows) {
                taken[row]++;
            }
        }
        for (int row = 0; row < rows; row++) {
            assertThat(taken[row]).isBetween((int) Math.floor(limit), (int) Math.ceil(limit));
            assertThat(view.rowAt(view.yOf(row))).isEqualTo(row);
            assertThat(view.rowAt(view.yOf(row) - 1)).isEqualTo(row - 1);
        }
        int[] bounds = view.bounds(view.row0(), height, 0);
        for (int y = 0; y < height; y++) {
            assertThat(bounds[y]).isEqualTo(view.rowAt(y));
        }
    }

    @Test
    void zoomingInFromAFractionGoesToWholePixelsAndZoomingOutComesBack() {
        MapViewport fitted = MapViewport.fit(329, 329, 700, 601);
        MapViewport view = fitted.zoomAt(350, 300, 1.1).clamp(329, 329);
        assertThat(1 / view.cellsPerPixel()).isEqualTo(3);
        view = view.zoomAt(350, 300, 1 / 1.5).clamp(329, 329);
        view = view.zoomAt(350, 300, 1 / 1.5).clamp(329, 329);
        assertThat(view).isEqualTo(fitted);
    }

    @Test
    void fittingALargeMapShowsAllOfIt() {
        MapViewport view = MapViewport.fit(32768, 32768, 1000, 700);
        assertThat(view.cellsPerPixel()).isCloseTo(32768 / 700.0, within(1e-12));
        assertThat(view.level()).isEqualTo(5);
        assertThat(view.yOf(0)).isEqualTo(0);
        assertThat(view.yOf(32768)).isCloseTo(700, within(1e-9));
    }

    @Test
    void zoomingKeepsTheCellUnderThePointer() {
        MapViewport view = MapViewport.fit(4096, 4096, 800, 800);
        for (int i = 0; i < 60; i++) {
            double before = view.col0() + 611 * view.cellsPerPixel();
            view = view.zoomAt(611, 77, i < 40 ? 1.13 : 1 / 1.13);
            assertThat(view.col0() + 611 * view.cellsPerPixel()).isCloseTo(before, within(1e-6));
        }
    }

    @Test
    void smallWheelStepsAlwaysZoomInAndOutAgain() {
        MapViewport view = MapViewport.fit(4096, 4096, 800, 800);
        double start = view.cellsPerPixel();
        int steps = 0;
        while (view.magnification() < MapViewport.MAX_MAGNIFICATION) {
            MapViewport next = view.zoomAt(400, 400, 1.05);
            assertThat(next.cellsPerPixel()).isLessThan(view.cellsPerPixel());
            view = next;
            steps++;
        }
        assertThat(steps).isLessThan(200);
        while (view.cellsPerPixel() < start) {
            MapViewport next = view.zoomAt(400, 400, 1 / 1.05);
            assertThat(next.cellsPerPixel()).isGreaterThan(view.cellsPerPixel());
            view = next;
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {-5000, -3, 0, 12.7, 900, 5000})
    void clampingLeavesNoEmptyMarginWhereThereIsMapToShow(double origin) {
        MapViewport view = new MapViewport(origin, origin, 0.5, 300, 200).clamp(1000, 1000);
        assertThat(view.col0()).isBetween(0.0, 850.0);
        assertThat(view.row0()).isBetween(0.0, 900.0);
        assertThat(view.clamp(1000, 1000)).isEqualTo(view);
    }

    @Test
    void clampingNeverZoomsOutBeyondTheWholeMap() {
        MapViewport view = new MapViewport(0, 0, 500, 300, 200).clamp(1000, 1000);
        assertThat(view.cellsPerPixel()).isEqualTo(5);
        assertThat(new MapViewport(0, 0, 3, 300, 200).clamp(20, 20).magnification()).isEqualTo(10);
    }

    @Test
    void magnifiedCellsAreAllEquallyWide() {
        MapViewport view = new MapViewport(0.1, 0, 1 / 7.0, 700, 10);
        int[] width = new int[120];
        for (int x = 0; x < 700; x++) {
            width[view.colAt(x)]++;
        }
        for (int col = 1; col < 99; col++) {
            assertThat(width[col]).isEqualTo(7);
            assertThat(view.colAt(view.xOf(col))).isEqualTo(col);
            assertThat(view.colAt(view.xOf(col) - 1)).isEqualTo(col - 1);
        }
    }

    @Test
    void draggingMovesTheMapWithThePointer() {
        MapViewport view = new MapViewport(100, 50, 2, 300, 200).pan(10, -5);
        assertThat(view.col0()).isEqualTo(80);
        assertThat(view.row0()).isEqualTo(60);
    }

    @Test
    void oneToOneKeepsTheCentre() {
        MapViewport view = new MapViewport(0, 0, 4, 300, 200).oneToOne();
        assertThat(view).isEqualTo(new MapViewport(450, 300, 1, 300, 200));
    }
}
