package org.headlight.viz.raster;

/**
 * Maps a probability to a position along the colour map, 0 to 1.
 *
 * @param kind how
 * @param low value at the lower end; for LOG it must be positive
 * @param high value at the upper end, above low
 */
public record Scale(Kind kind, float low, float high) {

    /** How values spread along the colour map. */
    public enum Kind {
        LINEAR,
        LOG,
        /** Linear between two percentiles of the map, which low and high hold. */
        PERCENTILE
    }

    /** Position of a value along the colour map, clipped to [0, 1]; NaN stays NaN. */
    public float position(float value) {
        float at =
                kind == Kind.LOG
                        ? (float) (Math.log(value / low) / Math.log(high / low))
                        : (value - low) / (high - low);
        return at < 0 || (value <= 0 && kind == Kind.LOG) ? 0 : Math.min(at, 1);
    }

    /** The value at a position: the inverse of {@link #position}. */
    public float value(float position) {
        return kind == Kind.LOG
                ? (float) (low * Math.pow(high / low, position))
                : low + position * (high - low);
    }
}
