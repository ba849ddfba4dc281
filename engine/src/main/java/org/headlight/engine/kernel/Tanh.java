package org.headlight.engine.kernel;

/**
 * tanh(x) as x P(x^2) / Q(x^2), within 4e-7 of the truth in proportion; the kernels write this out
 * inline. The coefficients are those of the rational approximation of the library Eigen.
 */
final class Tanh {
    /** Beyond this the result is 1 in single precision. */
    static final float LIMIT = 7.9988117f;

    static final float A1 = 0.0048935246f;
    static final float A3 = 6.3726195e-4f;
    static final float A5 = 1.48572235e-5f;
    static final float A7 = 5.1222973e-8f;
    static final float A9 = -8.604672e-11f;
    static final float A11 = 2.000188e-13f;
    static final float A13 = -2.7607684e-16f;
    static final float B0 = 0.004893525f;
    static final float B2 = 0.0022684347f;
    static final float B4 = 1.1853471e-4f;
    static final float B6 = 1.1982584e-6f;

    private Tanh() {}

    /** The hyperbolic tangent. */
    static float of(float value) {
        float x = Math.clamp(value, -LIMIT, LIMIT);
        float y = x * x;
        float n = A1 + y * (A3 + y * (A5 + y * (A7 + y * (A9 + y * (A11 + y * A13)))));
        float m = B0 + y * (B2 + y * (B4 + y * B6));
        return x * n / m;
    }
}
