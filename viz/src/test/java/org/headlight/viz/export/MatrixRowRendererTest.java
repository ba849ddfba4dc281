package org.headlight.viz.export;

import static org.assertj.core.api.Assertions.assertThat;

import org.headlight.assets.Assets;
import org.headlight.viz.raster.ColorMap;
import org.headlight.viz.raster.Palette;
import org.headlight.viz.raster.Scale;
import org.headlight.viz.raster.ValueGrid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;

class MatrixRowRendererTest {
    private static final Provenance SOURCE =
            new Provenance("headlight-demo", "3f2a9c01d4e5", 64, "Headlight 0.1.0", "");

    private static MatrixRowSpec.Panel panel(String title, double... values) {
        double[][] rows = new double[values.length][];
        List<String> labels = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            rows[i] = new double[] {values[i], values[i]};
            labels.add("r" + i);
        }
        return new MatrixRowSpec.Panel(
                title,
                "mean",
                ValueGrid.of(
                        new ValueGrid.Axis("depth", labels),
                        new ValueGrid.Axis("length", List.of("64", "128")),
                        "recall",
                        rows));
    }

    private static Figure draw(boolean dark, MatrixRowSpec.Panel... panels) {
        return new MatrixRowRenderer(new Assets())
                .render(
                        new MatrixRowSpec(
                                "With and without",
                                "masked",
                                List.of(panels),
                                new Scale(Scale.Kind.LINEAR, 0, 1),
                                ColorMap.VIRIDIS,
                                dark,
                                SOURCE));
    }

    /** Leftmost and rightmost column with a colour, in rows above the key. */
    private static int[] extent(BufferedImage image, int argb, int below) {
        int first = Integer.MAX_VALUE;
        int last = -1;
        for (int y = 0; y < below; y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                if (image.getRGB(x, y) == argb) {
                    first = Math.min(first, x);
                    last = Math.max(last, x);
                }
            }
        }
        return new int[] {first, last};
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theMatricesStandSideBySideInTheColorsOfOneScale(boolean dark) {
        Figure figure =
                draw(dark, panel("a", 0.9, 0.9), panel("b", 0.2, 0.9), panel("c", 0.5, 0.2));
        Palette palette = ColorMap.VIRIDIS.palette(dark);
        BufferedImage image = figure.image();
        int cells = 124 * 2 + 2 * 36 * 2;
        int[] high = extent(image, palette.argb(0.9f), cells);
        int[] low = extent(image, palette.argb(0.2f), cells);
        int[] middle = extent(image, palette.argb(0.5f), cells);
        // 0.9 is in the first and the second, 0.2 in the second and the third.
        assertThat(high[0]).isLessThan(low[0]);
        assertThat(high[1]).isLessThan(middle[0]).isGreaterThan(low[0]);
        assertThat(low[1]).isGreaterThanOrEqualTo(middle[0]);
        // Two cells of 56 units, two pixels a unit, wide.
        assertThat(middle[1] - middle[0] + 1).isBetween(220, 224);
    }

    @Test
    void eachPanelMakesTheFigureWiderAndATitleHasItsRoom() {
        int one = draw(false, panel("a", 1)).image().getWidth();
        int two = draw(false, panel("a", 1), panel("b", 1), panel("c", 1)).image().getWidth();
        assertThat(two).isGreaterThan(one);
        int wide =
                draw(
                                false,
                                panel("a", 1),
                                panel("a title that is far wider than the two cells under it", 1),
                                panel("c", 1))
                        .image()
                        .getWidth();
        assertThat(wide).isGreaterThan(two + 200);
    }

    @Test
    void theTextsNameWhatIsShown() {
        Figure figure = draw(false, panel("No mask", 1), panel("Top 5 masked", 0));
        assertThat(figure.altText())
                .isEqualTo("With and without: recall side by side: No mask, Top 5 masked.");
        assertThat(figure.metadata())
                .containsEntry("Title", "With and without")
                .containsEntry(
                        "Description",
                        "headlight-demo \u00b7 64 tokens \u00b7 masked \u00b7 Headlight 0.1.0")
                .doesNotContainKey("command");
    }
}
