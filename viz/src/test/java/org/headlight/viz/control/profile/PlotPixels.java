package org.headlight.viz.control.profile;

import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.image.PixelReader;
import javafx.scene.image.WritableImage;
import javafx.scene.layout.Region;

import org.testfx.util.WaitForAsyncUtils;

import java.util.function.Supplier;

/**
 * The pixels of a chart's plot, as they are on the screen.
 *
 * @param root of the scene
 * @param chart what holds the plot
 * @param left where the plot begins in it
 * @param top where the plot begins in it
 * @param columns of the plot
 * @param rows of the plot
 */
record PlotPixels(Parent root, Supplier<Node> chart, int left, int top, int columns, int rows) {
    private static final int MILLIS = 5000;

    /** As colours, [rows][columns]. */
    int[][] read() {
        return WaitForAsyncUtils.waitForAsyncFx(
                MILLIS,
                () -> {
                    root.applyCss();
                    root.layout();
                    WritableImage image = root.getScene().snapshot(null);
                    var at = chart.get().localToScene(0, 0);
                    int x0 = (int) at.getX() + left;
                    int y0 = (int) at.getY() + top;
                    PixelReader pixels = image.getPixelReader();
                    int[][] colors = new int[rows][columns];
                    for (int y = 0; y < rows; y++) {
                        for (int x = 0; x < columns; x++) {
                            colors[y][x] = pixels.getArgb(x0 + x, y0 + y);
                        }
                    }
                    return colors;
                });
    }

    /** A region in a colour of the style sheet, to compare with. */
    static Region swatch(String color) {
        Region region = new Region();
        region.setMinSize(20, 20);
        region.setStyle("-fx-background-color: " + color);
        return region;
    }

    /** Its colour on the screen. */
    static int color(Region swatch) {
        return WaitForAsyncUtils.waitForAsyncFx(
                MILLIS, () -> swatch.snapshot(null, null).getPixelReader().getArgb(10, 10));
    }
}
