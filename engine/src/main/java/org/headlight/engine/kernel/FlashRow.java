package org.headlight.engine.kernel;

/**
 * What the kernels of a single query work on: one query of one head against up to {@link #KEYS}
 * keys from a list. Made once and used again; belongs to one thread.
 */
public final class FlashRow {
    /** Keys that are worked on at a time, at most. */
    public static final int KEYS = 512;

    private final float[] scores = new float[KEYS];
    private final int[] keys = new int[KEYS];
    private float[] query = new float[0];
    private float[] output = new float[0];
    private int depth;
    private int width;
    private float max;
    private float sum;

    /**
     * Sets the widths of the head; allocates only when they are larger than ever before.
     *
     * @param depth width of a query and of a key, D
     * @param width width of a value, Dv
     */
    public void shape(int depth, int width) {
        this.depth = depth;
        this.width = width;
        if (query.length < depth) {
            query = new float[depth];
        }
        if (output.length < width) {
            output = new float[width];
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

    /** The scaled query, [D]. */
    public float[] query() {
        return query;
    }

    /** Which keys are at hand, [KEYS]. */
    public int[] keys() {
        return keys;
    }

    /** Their scores, then probabilities, [KEYS]. */
    public float[] scores() {
        return scores;
    }

    /** The weighted values of the keys at hand, [Dv]. */
    public float[] output() {
        return output;
    }

    /** Largest base-2 score of the keys at hand. */
    public float max() {
        return max;
    }

    /** Sum of 2^(score - max) over the keys at hand. */
    public float sum() {
        return sum;
    }

    void softened(float largest, float total) {
        max = largest;
        sum = total;
    }
}
