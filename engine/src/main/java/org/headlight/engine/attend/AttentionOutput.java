package org.headlight.engine.attend;

/**
 * Where attention is written to: arrays of the caller, used again and again.
 *
 * <p>A query that sees no key gets output 0, and log-sum-exp negative infinity (or the sink's logit
 * where there is a sink).
 */
public final class AttentionOutput {
    private final HeadArray out;
    private final float[] lse;
    private final AttentionCounters counters = new AttentionCounters();

    /**
     * @param out receives the weighted values, [H, N, Dv]
     * @param lse receives the natural logarithm of each softmax denominator, sink included, [H, N]
     */
    public AttentionOutput(HeadArray out, float[] lse) {
        this.out = out;
        this.lse = lse;
        if (lse.length < out.heads() * out.rows()) {
            throw new IllegalArgumentException(
                    "lse holds "
                            + lse.length
                            + " of "
                            + out.heads()
                            + " x "
                            + out.rows()
                            + " rows");
        }
    }

    /** Fresh arrays: [heads, rows, width] and [heads, rows]. */
    public static AttentionOutput allocate(int heads, int rows, int width) {
        float[] values = new float[Math.multiplyExact(Math.multiplyExact(heads, rows), width)];
        return new AttentionOutput(
                HeadArray.headsFirst(values, heads, rows, width), new float[heads * rows]);
    }

    /**
     * Checks that this fits an input.
     *
     * @throws IllegalArgumentException when it does not
     */
    public void check(AttentionInput input) {
        if (out.heads() != input.q().heads()
                || out.rows() != input.q().rows()
                || out.width() != input.v().width()) {
            throw new IllegalArgumentException(
                    "The output is "
                            + out.shape()
                            + ", attention gives ["
                            + input.q().heads()
                            + ", "
                            + input.q().rows()
                            + ", "
                            + input.v().width()
                            + "]");
        }
    }

    /** The weighted values, [H, N, Dv]. */
    public HeadArray out() {
        return out;
    }

    /** The natural logarithm of each softmax denominator, [H, N]. */
    public float[] lse() {
        return lse;
    }

    /** What the last call cost. */
    public AttentionCounters counters() {
        return counters;
    }
}
