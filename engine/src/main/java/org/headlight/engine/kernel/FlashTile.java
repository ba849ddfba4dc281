package org.headlight.engine.kernel;

/**
 * What the kernels of whole attention work on: {@link #LANES} queries of one head, with everything
 * transposed so that lanes of a vector are queries. Made once and used again; belongs to one
 * thread.
 */
public final class FlashTile {
    /** Queries in a tile. */
    public static final int LANES = 64;

    /** Keys that are worked on at a time, at most. */
    public static final int KEYS = 64;

    /** The running maximum before the first key; scores below it count as masked. */
    public static final float NOTHING = -1e30f;

    private final float[] scores = new float[KEYS * LANES];
    private final float[] max = new float[LANES];
    private final float[] sum = new float[LANES];
    private final float[] alpha = new float[LANES];
    private final float[] first = new float[LANES];
    private final float[] end = new float[LANES];
    private float[] packed = new float[0];
    private float[] output = new float[0];
    private int depth;
    private int width;

    /**
     * Sets the widths of the head; allocates only when they are larger than ever before.
     *
     * @param depth width of a query and of a key, D
     * @param width width of a value, Dv
     */
    public void shape(int depth, int width) {
        this.depth = depth;
        this.width = width;
        if (packed.length < depth * LANES) {
            packed = new float[depth * LANES];
        }
        if (output.length < width * LANES) {
            output = new float[width * LANES];
        }
    }

    /** Width of a query and of a key, D. */
    public int depth() {
        return depth;
    }

    /** Width of a value, Dv. */
    public int width() {
        return width;
    }

    /** Scaled queries, [D, LANES]. */
    public float[] packed() {
        return packed;
    }

    /** Scores, then probabilities, of the keys at hand, [KEYS, LANES]. */
    public float[] scores() {
        return scores;
    }

    /** The weighted values so far, [Dv, LANES]. */
    public float[] output() {
        return output;
    }

    /** Largest base-2 score so far, [LANES]; starts at {@link #NOTHING} or at the sink's logit. */
    public float[] max() {
        return max;
    }

    /** Sum of 2^(score - max) so far, [LANES]. */
    public float[] sum() {
        return sum;
    }

    /** What the sum and the output were multiplied by when the last keys raised the maximum. */
    public float[] alpha() {
        return alpha;
    }

    /** First key that each query may see, [LANES]. */
    public float[] first() {
        return first;
    }

    /** One after the last key that each query may see, [LANES]. */
    public float[] end() {
        return end;
    }
}
