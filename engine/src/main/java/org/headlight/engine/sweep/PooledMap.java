package org.headlight.engine.sweep;

/**
 * A level of a head's map that was pooled elsewhere than in a sweep, with all that a sweep would
 * have learned. Arrays are handed on, not copied.
 */
public final class PooledMap {
    private final float[][] max;
    private final float[][] sum;
    private final float[] top;
    private final float[] inverse;
    private final float least;
    private final double dropped;

    /**
     * @param max largest probability of each pixel, ragged as {@link PixelRows} says; 0 where no
     *     cell exists
     * @param sum sums of the probabilities; the same arrays as max where pixels are cells
     * @param top largest base-2 score of each row, 0 for a row without visible keys, [N]
     * @param inverse one over each row's sum of 2^(score - top), sink logit included; 0 for a row
     *     without visible keys, [N]
     * @param least smallest positive probability; positive infinity when there is none
     * @param dropped mean share of a row's mass on excluded keys
     */
    public PooledMap(
            float[][] max,
            float[][] sum,
            float[] top,
            float[] inverse,
            float least,
            double dropped) {
        this.max = max;
        this.sum = sum;
        this.top = top;
        this.inverse = inverse;
        this.least = least;
        this.dropped = dropped;
    }

    /** Largest probabilities, ragged. */
    public float[][] max() {
        return max;
    }

    /** Sums of probabilities, ragged; the same arrays as {@link #max} where pixels are cells. */
    public float[][] sum() {
        return sum;
    }

    /** Smallest positive probability; positive infinity when there is none. */
    public float least() {
        return least;
    }

    /** Mean share of a row's mass on excluded keys. */
    public double dropped() {
        return dropped;
    }

    /** Largest score of each row. */
    float[] top() {
        return top;
    }

    /** One over each row's sum. */
    float[] inverse() {
        return inverse;
    }
}
