package org.headlight.engine.sweep;

/**
 * A block of up to {@link #LANES} neighbouring rows of a head's map, normalised. Owned by the
 * sweep: valid during the call that hands it over, and overwritten afterwards.
 *
 * <p>Layout: lanes are queries. The probability of the query in row {@code row0 + lane} for key
 * {@code key} is {@code p[(key - key0) * LANES + lane]}. Masked cells hold 0; lanes from {@code
 * count} on hold 0.
 */
public final class RowBlock {
    /** Rows per block, and the stride between keys. */
    public static final int LANES = 64;

    /** First row of the block. */
    public int row0;

    /** Rows in the block, 1 to {@link #LANES}. */
    public int count;

    /** First key that any row of the block sees. */
    public int key0;

    /** One after the last key that any row of the block sees. */
    public int key1;

    /** Probabilities, [key1 - key0, LANES]; the array may be longer. */
    public float[] p = new float[0];

    /** Natural-log sum-exp of each row's masked, scaled scores, [LANES]. */
    public final float[] lse = new float[LANES];

    /** Step between sampled rows: 1 when the sweep is exact, s when lane i is row row0 + i * s. */
    public int rowStep = 1;
}
