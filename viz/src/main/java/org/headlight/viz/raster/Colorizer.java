package org.headlight.viz.raster;

/**
 * Values to colours by one table look-up and at most a few comparisons, with exactly the result of
 * {@code palette.argb(scale.position(value))}: the upper 18 bits of a float choose a first guess,
 * the thresholds between the 256 colours decide. So a logarithmic map costs as little as a linear
 * one.
 */
public final class Colorizer {
    private static final int SHIFT = 14;
    private static final int BUCKETS =
            (Float.floatToRawIntBits(Float.POSITIVE_INFINITY) >>> SHIFT) + 1;

    private final float[] threshold = new float[Palette.SIZE + 1];
    private final byte[] guess = new byte[BUCKETS];
    private final int[] colors = new int[Palette.SIZE];
    private final float low;
    private final float high;
    private final int under;
    private final int over;

    public Colorizer(Scale scale, Palette palette) {
        low = scale.low();
        high = scale.high();
        under = palette.under();
        over = palette.over();
        for (int i = 0; i < Palette.SIZE; i++) {
            colors[i] = palette.entry(i);
            threshold[i] = i == 0 ? Float.NEGATIVE_INFINITY : first(scale, i);
        }
        threshold[Palette.SIZE] = Float.POSITIVE_INFINITY;
        int index = 0;
        for (int b = 0; b < BUCKETS; b++) {
            float start = Float.intBitsToFloat(b << SHIFT);
            while (index < Palette.SIZE - 1 && threshold[index + 1] <= start) {
                index++;
            }
            guess[b] = (byte) index;
        }
    }

    /** The colour of a value that is not NaN. */
    public int color(float value) {
        if (value < low) {
            return under;
        }
        if (value > high) {
            return over;
        }
        int bits = Float.floatToRawIntBits(value);
        int index = bits < 0 ? 0 : guess[bits >>> SHIFT] & 0xFF;
        while (threshold[index + 1] <= value) {
            index++;
        }
        return colors[index];
    }

    /** The smallest float whose colour is {@code index}, by bisection over all floats between. */
    private static float first(Scale scale, int index) {
        long below = order(scale.low());
        long from = order(scale.high());
        while (from - below > 1) {
            long middle = Math.floorDiv(below + from, 2);
            if (scale.position(ordered(middle)) * Palette.SIZE >= index) {
                from = middle;
            } else {
                below = middle;
            }
        }
        return ordered(from);
    }

    /** The place of a float in the order of all floats; negative below zero. */
    private static long order(float value) {
        int bits = Float.floatToRawIntBits(value);
        return bits >= 0 ? bits : Integer.MIN_VALUE - (long) bits;
    }

    private static float ordered(long place) {
        int bits = (int) (place >= 0 ? place : Integer.MIN_VALUE - place);
        return Float.intBitsToFloat(bits);
    }
}
