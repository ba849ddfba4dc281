package org.headlight.viz.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.headlight.viz.raster.ColorMap;
import org.headlight.viz.raster.FormulaMap;
import org.headlight.viz.raster.GoldenImages;
import org.headlight.viz.raster.MapPainter;
import org.headlight.viz.raster.MapViewport;
import org.headlight.viz.raster.PaintStyle;
import org.headlight.viz.raster.Pooling;
import org.headlight.viz.raster.Scale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.awt.image.BufferedImage;

class MapBodyTest {
    private static final Scale LOG = new Scale(Scale.Kind.LOG, 1e-5f, 0.5f);

    @ParameterizedTest
    @CsvSource({"VIRIDIS, false", "MAGMA, true", "CIVIDIS, true", "GREYS, false", "GREYS, true"})
    void smallMapsLookAsTheyDid(ColorMap map, boolean dark) {
        FigureLook look =
                FigureLook.of(LOG).withColorMap(map).withDark(dark).withDroppedKeys(dark ? 1 : 0);
        GoldenImages.check("body-" + map.id() + (dark ? "-dark" : "-light"), body(32, look, 96));
    }

    @Test
    void aZoomedViewLooksAsItDid() {
        MapViewport view = new MapViewport(-3, 5, 1 / 3.0, 90, 60);
        int[] argb = new int[90 * 60];
        new MapPainter(new PaintStyle(Pooling.MAX, LOG, ColorMap.VIRIDIS.palette(false)))
                .paint(FormulaMap.lifelike(40), view, argb);
        GoldenImages.check("painter-zoomed", argb, 90);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 8, 12, 32})
    void poolingByAnyFactorEqualsPoolingCellByCell(int factor) {
        MapRange[] ranges = {
            new MapRange(0, 300, 0, 280),
            new MapRange(13, 100, 7, 260),
            new MapRange(64, 192, 128, 256),
            new MapRange(299, 300, 279, 280)
        };
        for (boolean causal : new boolean[] {false, true}) {
            FormulaMap map = FormulaMap.distinct(300, 280, causal);
            for (MapRange range : ranges) {
                PooledRows rows = new PooledRows(map, range, factor, Pooling.MAX);
                float[] values = new float[rows.cols()];
                assertThat(rows.cols()).isEqualTo(Math.ceilDiv(range.cols(), factor));
                assertThat(rows.rows()).isEqualTo(Math.ceilDiv(range.rows(), factor));
                for (int y = 0; y < rows.rows(); y++) {
                    rows.row(y, values);
                    for (int x = 0; x < values.length; x++) {
                        int row = range.row0() + y * factor;
                        int col = range.col0() + x * factor;
                        float wanted =
                                map.pooled(
                                        row,
                                        Math.min(row + factor, range.row1()),
                                        col,
                                        Math.min(col + factor, range.col1()),
                                        Pooling.MAX);
                        assertThat(values[x])
                                .as("%s, %d, %d", range, y, x)
                                .isEqualTo(Float.valueOf(wanted));
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 7})
    void meansAreMeans(int factor) {
        FormulaMap map = FormulaMap.distinct(84, 84, false);
        PooledRows rows = new PooledRows(map, new MapRange(0, 84, 0, 84), factor, Pooling.MEAN);
        float[] values = new float[rows.cols()];
        for (int y = 0; y < rows.rows(); y++) {
            rows.row(y, values);
            for (int x = 0; x < values.length; x++) {
                int row = y * factor;
                int col = x * factor;
                assertThat(values[x])
                        .isCloseTo(
                                map.pooled(row, row + factor, col, col + factor, Pooling.MEAN),
                                within(1e-6f));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        // rows, size, pixels per cell, cells per pixel, side
        "1, 100, 96, 1, 96",
        "63, 1024, 16, 1, 1008",
        "512, 1024, 2, 1, 1024",
        "1000, 999, 1, 2, 500",
        "2100, 1024, 1, 3, 700",
        "32768, 1024, 1, 32, 1024",
        "32768, 1000, 1, 64, 512",
    })
    void cellsTakeWholePixelsAndPixelsWholeCells(
            int cells, int size, int magnification, int factor, int side) {
        BodyPlan plan = BodyPlan.of(new MapRange(0, cells, 0, cells), size, 96);
        assertThat(plan).isEqualTo(new BodyPlan(magnification, factor, side, side));
    }

    @Test
    void clippingAndMasksAreNoticed() {
        FigureLook look = FigureLook.of(new Scale(Scale.Kind.LINEAR, 0.1f, 0.5f)).withSize(4);
        FormulaMap map = new FormulaMap(4, 4, true, (row, col) -> row == 3 ? 0.6 : 0.2);
        MapBody body = new MapBody(look);
        BufferedImage image = new BufferedImage(4, 4, BufferedImage.TYPE_INT_RGB);
        MapRange range = MapRange.all(map);
        body.draw(map, range, BodyPlan.of(range, 4, 1), image, 0, 0);
        assertThat(body.above()).isTrue();
        assertThat(body.below()).isFalse();
        assertThat(body.masked()).isTrue();
        assertThat(image.getRGB(1, 3)).isEqualTo(look.palette().over());
        assertThat(image.getRGB(1, 2)).isEqualTo(look.palette().argb(0.25f));
    }

    private static BufferedImage body(int n, FigureLook look, int size) {
        FormulaMap map = FormulaMap.lifelike(n);
        MapRange range = MapRange.all(map);
        BodyPlan plan = BodyPlan.of(range, size, 16);
        BufferedImage image =
                new BufferedImage(plan.width(), plan.height(), BufferedImage.TYPE_INT_RGB);
        new MapBody(look).draw(map, range, plan, image, 0, 0);
        return image;
    }
}
