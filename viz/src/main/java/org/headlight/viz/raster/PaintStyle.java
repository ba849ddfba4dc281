package org.headlight.viz.raster;

/**
 * How values become colours.
 *
 * @param pooling how several cells of a pixel become one
 * @param scale probabilities to positions along the palette
 * @param palette the colours
 * @param droppedKeys how many of the first keys are taken out as the sink; 0 for none
 */
public record PaintStyle(Pooling pooling, Scale scale, Palette palette, int droppedKeys) {
    public PaintStyle(Pooling pooling, Scale scale, Palette palette) {
        this(pooling, scale, palette, 0);
    }
}
