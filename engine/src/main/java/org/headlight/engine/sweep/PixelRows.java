package org.headlight.engine.sweep;

/**
 * The pixels of a level of a map: of each row of pixels the first and one after the last that any
 * of its rows sees, so that the masked half of a causal map costs nothing. Immutable.
 */
public final class PixelRows {
    private final int level;
    private final int[] start;
    private final int[] end;

    /**
     * @param level a pixel covers 2^level x 2^level cells
     */
    public PixelRows(Visibility visibility, int level) {
        this.level = level;
        int rows = (int) Math.ceilDiv((long) visibility.rows(), 1L << level);
        this.start = new int[rows];
        this.end = new int[rows];
        for (int y = 0; y < rows; y++) {
            int from = Integer.MAX_VALUE;
            int to = 0;
            int last = (int) Math.min(visibility.rows(), (y + 1L) << level);
            for (int row = y << level; row < last; row++) {
                int first = visibility.first(row);
                int after = visibility.end(row);
                if (after > first) {
                    from = Math.min(from, first);
                    to = Math.max(to, after);
                }
            }
            start[y] = Math.min(from, to) >> level;
            end[y] = to == 0 ? start[y] : ((to - 1) >> level) + 1;
        }
    }

    /** A pixel covers 2^level x 2^level cells. */
    public int level() {
        return level;
    }

    /** Rows of pixels. */
    public int rows() {
        return start.length;
    }

    /** First pixel of a row of pixels. */
    public int start(int y) {
        return start[y];
    }

    /** One after the last pixel of a row of pixels. */
    public int end(int y) {
        return end[y];
    }

    /** Pixels of a row of pixels. */
    public int length(int y) {
        return end[y] - start[y];
    }

    /** First pixels of all rows, a copy. */
    public int[] starts() {
        return start.clone();
    }

    /** Ends of all rows, a copy. */
    public int[] ends() {
        return end.clone();
    }
}
