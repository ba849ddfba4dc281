package org.headlight.viz.export;

import static org.assertj.core.api.Assertions.assertThat;

import org.headlight.assets.Assets;
import org.headlight.viz.raster.ColorMap;
import org.headlight.viz.raster.Palette;
import org.headlight.viz.raster.Scale;
import org.headlight.viz.raster.ValueGrid;
import org.junit.jupiter.api.Test;

import java.awt.image.BufferedImage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

class MatrixRendererTest {
    private static final Provenance SOURCE =
            new Provenance("headlight-demo", "3f2a9c01d4e5", 64, "Headlight 0.1.0", "headlight x");

    private final MatrixRenderer renderer = new MatrixRenderer(new Assets());

    private Figure draw(ValueGrid grid, boolean dark) {
        return renderer.render(
                new MatrixSpec(
                        "Sinks",
                        "\u03b5 0.3",
                        grid,
                        new Scale(Scale.Kind.LINEAR, 0, 1),
                        ColorMap.VIRIDIS,
                        dark,
                        SOURCE));
    }

    private static Map<Integer, Integer> colors(BufferedImage image) {
        Map<Integer, Integer> counts = new HashMap<>();
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                counts.merge(image.getRGB(x, y), 1, Integer::sum);
            }
        }
        return counts;
    }

    @Test
    void everyCellHasTheColorOfItsValueOverTheSameArea() {
        ValueGrid grid =
                ValueGrid.heads(
                        List.of("L0", "L1"),
                        "sink rate",
                        new double[][] {{0.13, 0.37}, {0.61, Double.NaN}});
        for (boolean dark : new boolean[] {false, true}) {
            Map<Integer, Integer> counts = colors(draw(grid, dark).image());
            Palette palette = ColorMap.VIRIDIS.palette(dark);
            for (float value : new float[] {0.13f, 0.37f, 0.61f}) {
                // Two pixels a unit; a number and the frame take some of a cell.
                assertThat(counts.getOrDefault(palette.argb(value), 0))
                        .as("%s", value)
                        .isBetween(112 * 72 * 8 / 10, 112 * 72 * 11 / 10);
            }
        }
    }

    @Test
    void aModelOfManyHeadsFitsAPageAndSaysWhatItIs() {
        int layers = 80;
        double[][] values = new double[layers][64];
        ValueGrid grid =
                ValueGrid.heads(
                        IntStream.range(0, layers).mapToObj(l -> "L" + l).toList(),
                        "received",
                        values);
        Figure figure = draw(grid, false);
        assertThat(figure.image().getWidth()).isLessThan(2000);
        assertThat(figure.image().getHeight()).isLessThan(2000);
        assertThat(figure.altText())
                .isEqualTo("Sinks: received for 80 rows (layer) by 64 columns (head).");
        assertThat(figure.metadata())
                .containsEntry("Title", "Sinks")
                .containsEntry("command", "headlight x")
                .containsEntry(
                        "Description",
                        "headlight-demo \u00b7 64 tokens \u00b7 \u03b5 0.3 \u00b7 Headlight 0.1.0");
    }
}
