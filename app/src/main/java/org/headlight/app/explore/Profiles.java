package org.headlight.app.explore;

/** The row and the column through a cell. Holds arrays, so equality is identity. */
public final class Profiles {
    private final float[] row;
    private final float[] column;

    /**
     * Takes both arrays over.
     *
     * @param row probabilities of the row, [M], NaN where masked
     * @param column probabilities of the column, [N], NaN where masked
     */
    public Profiles(float[] row, float[] column) {
        this.row = row;
        this.column = column;
    }

    /** Probabilities of the row, [M]; not to be changed. */
    public float[] row() {
        return row;
    }

    /** Probabilities of the column, [N]; not to be changed. */
    public float[] column() {
        return column;
    }
}
