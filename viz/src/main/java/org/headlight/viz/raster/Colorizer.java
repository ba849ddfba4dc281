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

    /**
     * The smallest float whose colour is {@code index}: the inverse, then a walk to the exact one.
     */
    private static float first(Scale scale, int index) {
        float value = scale.value((float) index / Palette.SIZE);
        while (scale.position(value) * Palette.SIZE >= index) {
            value = Math.nextDown(value);
        }
        while (scale.position(value) * Palette.SIZE < index) {
            value = Math.nextUp(value);
        }
        return value;
    }
}
