package org.headlight.engine.sweep;

import org.headlight.engine.kernel.AttentionKernels;

/**
 * Caps base-2 scores softly: cap x tanh(score / cap), with the cap in base 2 too. The hyperbolic
 * tangent is a quotient of two polynomials (the one that ONNX Runtime and Eigen use), at most 4e-7
 * off; written so that the compiler makes vectors of it.
 */
final class SoftCap {
    /** From here on the tangent is 1 to 3e-7. */
    private static final float ONE_FROM = 7.905311f;

    private static final float A1 = 4.8935246e-3f;
    private static final float A3 = 6.3726195e-4f;
    private static final float A5 = 1.48572235e-5f;
    private static final float A7 = 5.1222973e-8f;
    private static final float A9 = -8.604672e-11f;
    private static final float A11 = 2.000188e-13f;
    private static final float A13 = -2.7607684e-16f;
    private static final float B0 = 4.893525e-3f;
    private static final float B2 = 2.2684347e-3f;
    private static final float B4 = 1.1853471e-4f;
    private static final float B6 = 1.1982584e-6f;

    private final float cap;
    private final float inverse;

    /**
     * @param softcap of natural scores; above 0
     */
    SoftCap(float softcap) {
        this.cap = softcap * AttentionKernels.LOG2E;
        this.inverse = 1 / cap;
    }

    /** Caps scores in place. */
    void apply(float[] scores, int from, int to) {
        for (int i = from; i < to; i++) {
            float x = Math.max(-ONE_FROM, Math.min(ONE_FROM, scores[i] * inverse));
            float y = x * x;
            float above = A13 * y + A11;
            above = above * y + A9;
            above = above * y + A7;
            above = above * y + A5;
            above = above * y + A3;
            above = above * y + A1;
            float below = B6 * y + B4;
            below = below * y + B2;
            below = below * y + B0;
            scores[i] = cap * (x * above / below);
        }
    }
}
