package org.headlight.viz.raster;

import java.util.List;

/** The usual scales of a map. */
public final class Scales {
    /** The lowest lower end that a logarithmic scale chooses by itself. */
    public static final float LOG_FLOOR = 1e-5f;

    /** A lower percentile this small against the upper one is 0. */
    private static final float NEGLIGIBLE = 1e-3f;

    private Scales() {}

    /** From 0 to the largest visible value. */
    public static Scale linear(AttentionMap map) {
        return new Scale(Scale.Kind.LINEAR, 0, positive(map.range()[1]));
    }

    /** From the smallest positive value, but not below {@link #LOG_FLOOR}, to the largest. */
    public static Scale log(AttentionMap map) {
        float[] range = map.range();
        float high = positive(range[1]);
        float low = Math.max(range[0] > 0 ? range[0] : LOG_FLOOR, LOG_FLOOR);
        return new Scale(Scale.Kind.LOG, low < high ? low : high / 10, high);
    }

    /**
     * Linear between two percentiles of the map as it is pooled at its base level.
     *
     * @param low fraction, 0 to 1
     * @param high fraction, above low
     */
    public static Scale percentile(AttentionMap map, Pooling pooling, double low, double high) {
        if (!(low >= 0 && low < high && high <= 1)) {
            throw new IllegalArgumentException(
                    "percentiles are fractions in order, not " + low + " and " + high);
        }
        float from = map.percentile(low, pooling);
        float to = map.percentile(high, pooling);
        float start = from > to * NEGLIGIBLE ? from : 0;
        return new Scale(Scale.Kind.PERCENTILE, start, to > start ? to : start + positive(start));
    }

    /** The scale of a kind with its usual ends: 1st to 99th percentile where it needs two. */
    public static Scale of(Scale.Kind kind, AttentionMap map, Pooling pooling) {
        return switch (kind) {
            case LINEAR -> linear(map);
            case LOG -> log(map);
            case PERCENTILE -> percentile(map, pooling, 0.01, 0.99);
        };
    }

    /** The smallest scale of one kind that covers all of several: one for all panels of a grid. */
    public static Scale covering(List<Scale> scales) {
        Scale first = scales.getFirst();
        float low = first.low();
        float high = first.high();
        for (Scale scale : scales) {
            low = Math.min(low, scale.low());
            high = Math.max(high, scale.high());
        }
        return new Scale(first.kind(), low, high);
    }

    private static float positive(float value) {
        return value > 0 ? value : 1;
    }
}
