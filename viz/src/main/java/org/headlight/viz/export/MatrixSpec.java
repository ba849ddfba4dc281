package org.headlight.viz.export;

import org.headlight.viz.raster.ColorMap;
import org.headlight.viz.raster.Scale;
import org.headlight.viz.raster.ValueGrid;

/**
 * Everything about a figure of a matrix of values.
 *
 * @param title what it shows, such as "Sink rate by layer and head"
 * @param note how it was made, such as thresholds; may be empty
 * @param values what is drawn
 * @param scale from values to colours
 * @param colorMap the colours
 * @param dark whether the figure is for a dark page
 * @param source where it comes from
 */
public record MatrixSpec(
        String title,
        String note,
        ValueGrid values,
        Scale scale,
        ColorMap colorMap,
        boolean dark,
        Provenance source) {}
