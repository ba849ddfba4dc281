package org.headlight.viz.raster;

/**
 * One cell, exactly.
 *
 * @param row query position
 * @param col key position
 * @param masked whether the query may not see the key (probability is then 0)
 * @param probability exact to float32
 * @param rank 1 for the largest of the row's visible cells; ties share the best rank; 0 when masked
 * @param visible how many keys the query sees
 * @param sinkShare share of the row's attention that goes to the head's sink logit; 0 when it has
 *     none
 */
public record CellReading(
        int row,
        int col,
        boolean masked,
        float probability,
        int rank,
        int visible,
        double sinkShare) {

    /** A cell of a head without a sink logit. */
    public CellReading(int row, int col, boolean masked, float probability, int rank, int visible) {
        this(row, col, masked, probability, rank, visible, 0);
    }
}
