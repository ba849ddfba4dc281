package org.headlight.viz.export;

import org.headlight.viz.raster.ColorMap;
import org.headlight.viz.raster.Scale;
import org.headlight.viz.raster.ValueGrid;

import java.util.List;

/**
 * Everything about a figure of several matrices side by side, all in the same colours.
 *
 * @param title what they show together
 * @param note how they were made; may be empty
 * @param panels from left to right, at least one
 * @param scale from values to colours
 * @param colorMap the colours
 * @param dark whether the figure is for a dark page
 * @param source where it comes from
 */
public record MatrixRowSpec(
        String title,
        String note,
        List<Panel> panels,
        Scale scale,
        ColorMap colorMap,
        boolean dark,
        Provenance source) {
    public MatrixRowSpec {
        panels = List.copyOf(panels);
        if (panels.isEmpty()) {
            throw new IllegalArgumentException("a figure without a matrix");
        }
    }

    /**
     * One of them.
     *
     * @param title what it shows
     * @param note one line under its title; may be empty
     */
    public record Panel(String title, String note, ValueGrid values) {}
}
