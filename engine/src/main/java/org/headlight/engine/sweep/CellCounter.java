package org.headlight.engine.sweep;

/**
 * Counts the cells that exist in the pixels of one band of rows. One thread uses one counter: first
 * {@link #band}, then any number of {@link #count}.
 */
public final class CellCounter {
    private final Visibility visibility;
    private int row0;
    private int row1;
    private int step = 1;
    private int sampled;
    private int innerFirst;
    private int innerEnd;

    public CellCounter(Visibility visibility) {
        this.visibility = visibility;
    }

    /**
     * Takes the rows row0, row0 + step ... below row1.
     *
     * @param row0 first row; for a sampled map, a sampled one
     * @param row1 row after the last
     */
    public void band(int row0, int row1, int step) {
        this.row0 = row0;
        this.row1 = row1;
        this.step = step;
        this.sampled = 0;
        this.innerFirst = 0;
        this.innerEnd = visibility.cols();
        for (int row = row0; row < row1; row += step) {
            innerFirst = Math.max(innerFirst, visibility.first(row));
            innerEnd = Math.min(innerEnd, visibility.end(row));
            sampled++;
        }
    }

    /** How many cells of the band in columns [col0, col1) exist. */
    public long count(int col0, int col1) {
        if (!visibility.biased() && col0 >= innerFirst && col1 <= innerEnd) {
            return (long) sampled * (col1 - col0 - visibility.excludedIn(col0, col1));
        }
        long count = 0;
        for (int row = row0; row < row1; row += step) {
            count += visibility.count(row, col0, col1);
        }
        return count;
    }
}
