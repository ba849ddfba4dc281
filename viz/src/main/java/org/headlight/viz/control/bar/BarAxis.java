package org.headlight.viz.control.bar;

import org.headlight.viz.raster.Scale;
import org.headlight.viz.raster.Scales;

/**
 * The values from one end of the bar to the other. A logarithmic axis begins one decade below the
 * lower end of the colours or below where that end stands by itself ({@link Scales#LOG_FLOOR}),
 * whichever is less: a map whose least weight is 1e-9 does not spend half the bar on what is
 * clipped anyway, and yet there is always a decade to go on downwards, as far as the map has
 * values. While a handle is dragged the axis is held still.
 *
 * @param range the axis as a scale of the same kind as the colours
 */
record BarAxis(Scale range) {
    /** The lowest value that a logarithmic axis reaches. */
    static final float LEAST = 1e-9f;

    private static final double APART = 0.02;

    /**
     * The axis for a map.
     *
     * @param colors what the colours span
     * @param smallest smallest positive value of the map
     * @param largest largest value of the map
     */
    static BarAxis of(Scale colors, float smallest, float largest) {
        float high = Math.max(colors.high(), largest);
        if (colors.kind() != Scale.Kind.LOG) {
            return new BarAxis(new Scale(colors.kind(), Math.min(0, colors.low()), high));
        }
        float least = Math.max(LEAST, smallest);
        float usual = Math.max(least, Scales.LOG_FLOOR);
        float decade = Math.min(usual, colors.low()) / 10;
        float low = Math.min(colors.low(), Math.max(least, decade));
        return new BarAxis(new Scale(Scale.Kind.LOG, low, high));
    }

    /** Where a value lies, 0 at the lower end to 1. */
    double position(float value) {
        return range.position(value);
    }

    /** The colours with their lower or upper end moved to a position, never past the other end. */
    Scale moved(Scale colors, boolean upper, double position) {
        double at = Math.clamp(position, 0, 1);
        float low = colors.low();
        float high = colors.high();
        if (upper) {
            high = range.value((float) Math.max(at, Math.min(1, position(low) + APART)));
        } else {
            low = range.value((float) Math.min(at, Math.max(0, position(high) - APART)));
        }
        return high > low ? new Scale(colors.kind(), low, high) : colors;
    }
}
