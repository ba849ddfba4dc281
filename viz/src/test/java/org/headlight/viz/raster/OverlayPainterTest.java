package org.headlight.viz.raster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Blocks over a map: where lines go and which pixels are covered. */
class OverlayPainterTest {
    private static final byte O = BlockOverlay.NONE;
    private static final byte K = BlockOverlay.KEPT;
    private static final byte M = BlockOverlay.MISSED;
    private static final byte S = BlockOverlay.SKIPPED;

    private static final class Recorder implements OverlayPainter.Pen {
        private final Set<String> outlines = new TreeSet<>();
        private final List<double[]> hatches = new ArrayList<>();
        private int[] argb = {};
        private int rows;
        private int cols;
        private double[] at = {};

        @Override
        public void picture(
                int[] pixels, int height, int width, double x, double y, double w, double h) {
            argb = pixels;
            rows = height;
            cols = width;
            at = new double[] {x, y, w, h};
        }

        @Override
        public void outline(double x0, double y0, double x1, double y1) {
            outlines.add((int) x0 + "," + (int) y0 + " " + (int) x1 + "," + (int) y1);
        }

        @Override
        public void hatch(double x0, double y0, double x1, double y1) {
            hatches.add(new double[] {x0, y0, x1, y1});
        }
    }

    private static Recorder paint(BlockOverlay overlay, OverlayPainter.Place place) {
        Recorder recorder = new Recorder();
        new OverlayPainter(overlay, place, ColorMap.VIRIDIS.palette(false)).paint(recorder);
        return recorder;
    }

    @Test
    void outlinesRunAroundKeptBlocksAndEndAtTheEdgeOfTheMap() {
        byte[] marks = {
            K, O,
            K, K
        };
        BlockOverlay overlay = new BlockOverlay(8, 8, 2, marks, null);
        // The last row and column are cut off: 13 of 16 cells.
        Recorder pen =
                paint(overlay, new OverlayPainter.Place(100, 200, 10, 10, 116, 217, 300, 300));
        assertThat(pen.outlines)
                .containsExactlyInAnyOrder(
                        "100,200 110,200", // above the first
                        "110,210 116,210", // above the corner
                        "100,217 116,217", // below all
                        "100,200 100,217", // left of all
                        "110,200 110,210", // right of the first
                        "116,210 116,217"); // right of the corner
    }

    @Test
    void onlyWhatIsLeftOutIsVeiledAndValuesCoverMarks() {
        byte[] marks = {K, S, M, O};
        Recorder veiled =
                paint(
                        new BlockOverlay(4, 4, 4, marks, null),
                        new OverlayPainter.Place(0, 0, 20, 20, 80, 20, 80, 20));
        assertThat(veiled.argb[0]).isZero();
        assertThat(veiled.argb[1] >>> 24).isPositive();
        assertThat(veiled.argb[2]).isEqualTo(veiled.argb[1]);
        assertThat(veiled.argb[3]).isZero();
        assertThat(veiled.at).containsExactly(0, 0, 80, 20);
        float[] values = {1, 0, 0.5f, Float.NaN};
        Recorder painted =
                paint(
                        new BlockOverlay(4, 4, 4, marks, values),
                        new OverlayPainter.Place(0, 0, 20, 20, 80, 20, 80, 20));
        Palette palette = ColorMap.VIRIDIS.palette(false);
        for (int i = 0; i < 3; i++) {
            assertThat(painted.argb[i] & 0xFFFFFF).isEqualTo(palette.argb(values[i]) & 0xFFFFFF);
        }
        assertThat(painted.argb[3]).isZero();
    }

    @Test
    void hatchLinesStayInTheirBlockAndJoinThoseOfTheNext() {
        byte[] marks = {M, M};
        Recorder pen =
                paint(
                        new BlockOverlay(4, 4, 2, marks, null),
                        new OverlayPainter.Place(3, 5, 20, 20, 43, 20, 100, 100));
        assertThat(pen.hatches).isNotEmpty();
        for (double[] line : pen.hatches) {
            assertThat(line[0] + line[1]).isCloseTo(line[2] + line[3], within(1e-9));
            assertThat((line[0] + line[1]) % 6).isCloseTo(0, within(1e-9));
            assertThat(line[1]).isBetween(5.0, 20.0);
            assertThat(line[3]).isBetween(5.0, 20.0);
            assertThat(line[0]).isBetween(3.0, 43.0);
            assertThat(line[2]).isBetween(3.0, 43.0);
        }
    }

    @Test
    void onlyWhatIsSeenIsWalkedAndNeverMoreThanAPixelABlock() {
        BlockOverlay overlay = new BlockOverlay(1, 1, 2000, new byte[2000 * 2000], null);
        Recorder far = paint(overlay, new OverlayPainter.Place(0, 0, 0.1, 0.1, 200, 200, 200, 200));
        assertThat(far.rows).isEqualTo(200);
        assertThat(far.cols).isEqualTo(200);
        Recorder near =
                paint(
                        overlay,
                        new OverlayPainter.Place(-5000, -7000, 10, 10, 15_000, 13_000, 100, 50));
        assertThat(near.cols).isEqualTo(10);
        assertThat(near.rows).isEqualTo(5);
        Recorder outside =
                paint(overlay, new OverlayPainter.Place(500, 0, 10, 10, 20_500, 20_000, 100, 50));
        assertThat(outside.argb).isEmpty();
    }

    @Test
    void marksThatDoNotFillWholeRowsAreRefused() {
        assertThatThrownBy(() -> new BlockOverlay(4, 4, 3, new byte[4], null))
                .hasMessage("4 blocks in 3 columns do not fit");
        assertThat(new BlockOverlay(4, 4, 2, new byte[] {K, K, K, K}, null).mark(2, 0))
                .isEqualTo(O);
    }
}
