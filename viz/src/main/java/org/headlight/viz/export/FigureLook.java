package org.headlight.viz.export;

import org.headlight.viz.raster.ColorMap;
import org.headlight.viz.raster.Palette;
import org.headlight.viz.raster.Pooling;
import org.headlight.viz.raster.Scale;

/**
 * How the maps of a figure are drawn.
 *
 * @param pooling how several cells of a pixel become one
 * @param scale probabilities to colours
 * @param colorMap the colours
 * @param droppedKeys how many of the first keys were dropped as the sink, 0 for none
 * @param size pixels that the longer side of a map may take
 * @param dark whether the figure is for a dark page
 * @param signed whether values have signs: colours go both ways from zero, whatever the colour map
 */
public record FigureLook(
        Pooling pooling,
        Scale scale,
        ColorMap colorMap,
        int droppedKeys,
        int size,
        boolean dark,
        boolean signed) {

    /** The longest side that a map, and a whole figure, can have, pixels. */
    public static final int LARGEST = 16_384;

    /** Viridis, light, 1,024 pixels, nothing dropped, pooled by maximum. */
    public static FigureLook of(Scale scale) {
        return new FigureLook(Pooling.MAX, scale, ColorMap.VIRIDIS, 0, 1024, false, false);
    }

    /** The same at another size. */
    public FigureLook withSize(int newSize) {
        return new FigureLook(pooling, scale, colorMap, droppedKeys, newSize, dark, signed);
    }

    /** The same for the dark or the light page. */
    public FigureLook withDark(boolean newDark) {
        return new FigureLook(pooling, scale, colorMap, droppedKeys, size, newDark, signed);
    }

    /** The same with another scale. */
    public FigureLook withScale(Scale newScale) {
        return new FigureLook(pooling, newScale, colorMap, droppedKeys, size, dark, signed);
    }

    /** The same in other colours. */
    public FigureLook withColorMap(ColorMap newMap) {
        return new FigureLook(pooling, scale, newMap, droppedKeys, size, dark, signed);
    }

    /** The same pooled the other way. */
    public FigureLook withPooling(Pooling newPooling) {
        return new FigureLook(newPooling, scale, colorMap, droppedKeys, size, dark, signed);
    }

    /** The same with the first keys dropped. */
    public FigureLook withDroppedKeys(int keys) {
        return new FigureLook(pooling, scale, colorMap, keys, size, dark, signed);
    }

    /** The same for values with signs, pooled by their mean. */
    public FigureLook ofSigned(Scale around) {
        return new FigureLook(Pooling.MEAN, around, colorMap, droppedKeys, size, dark, true);
    }

    Palette palette() {
        return signed ? Palette.signed(dark) : colorMap.palette(dark);
    }
}
