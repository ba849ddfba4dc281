package org.headlight.analysis.sparse;

import org.headlight.engine.attend.HeadArray;

/**
 * Rotary position embedding of a model (Su et al. 2021): which pairs of a query or key are turned,
 * and by how much a position. Turning is orthogonal, so keys after the embedding are turned to any
 * other position without knowing them before it.
 */
public interface Rotary {

    /**
     * Turns a row from the position that it has to another.
     *
     * @param source a query or key after the embedding, from {@code sourceAt}
     * @param shift by how many positions; negative to go back
     * @param target receives as many numbers, from {@code targetAt}; may be the source
     */
    void turn(float[] source, int sourceAt, long shift, float[] target, int targetAt);

    /** Width of the rows that it turns, D. */
    int width();

    /**
     * What turns the rows of one layer, in models whose layers differ (Gemma 3 turns local layers
     * faster; some models leave some layers unturned).
     *
     * @param layer zero-based layer
     */
    default Rotary layer(int layer) {
        return this;
    }

    /**
     * All rows of all heads, each turned by its own shift.
     *
     * @param shifts by how many positions each row is moved, [rows]
     * @return an array of its own, heads first
     */
    default HeadArray turned(HeadArray rows, int[] shifts) {
        int width = rows.width();
        float[] values = new float[rows.heads() * rows.rows() * width];
        for (int head = 0; head < rows.heads(); head++) {
            for (int row = 0; row < rows.rows(); row++) {
                int to = (head * rows.rows() + row) * width;
                turn(rows.values(), rows.at(head, row), shifts[row], values, to);
            }
        }
        return HeadArray.headsFirst(values, rows.heads(), rows.rows(), width);
    }
}
