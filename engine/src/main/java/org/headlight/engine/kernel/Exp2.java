package org.headlight.engine.kernel;

/**
 * 2^x by a degree-5 polynomial (relative error 1e-7), as every kernel computes it: round x to a
 * whole number n by adding and taking away a large number, evaluate the polynomial at x - n in
 * [-0.5, 0.5], and add n to the exponent. The kernels write this out inline, because a method that
 * takes or returns vectors and is not inlined boxes them.
 */
final class Exp2 {
    /** 1.5 x 2^23: adding it leaves the rounded number in the low bits. */
    static final float ROUND = 12582912f;

    static final float C1 = 0.693147f;
    static final float C2 = 0.24022242f;
    static final float C3 = 0.055507336f;
    static final float C4 = 0.009671513f;
    static final float C5 = 0.0013264727f;

    private Exp2() {}

    /** 2^x for x in [-126, 127]. */
    static float of(float x) {
        float t = x + ROUND;
        float f = x - (t - ROUND);
        float p = 1 + f * (C1 + f * (C2 + f * (C3 + f * (C4 + f * C5))));
        return Float.intBitsToFloat(
                Float.floatToRawIntBits(p) + (Float.floatToRawIntBits(t) << 23));
    }
}
