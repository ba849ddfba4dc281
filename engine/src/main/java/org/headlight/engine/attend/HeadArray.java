package org.headlight.engine.attend;

/**
 * Queries, keys, values or outputs of all heads, as a view of an array that its owner keeps:
 * element (head, row, column) lies at {@code offset + head * headStride + row * rowStride +
 * column}. So [heads, rows, width] and [rows, heads, width] both fit, and a cache that is longer
 * than what is filled of it.
 */
public final class HeadArray {
    private final float[] values;
    private final int heads;
    private final int rows;
    private final int width;
    private final int offset;
    private final int headStride;
    private final int rowStride;

    private HeadArray(
            float[] values, int[] shape, int offset, int headStride, int rowStride, String order) {
        this.values = values;
        this.heads = shape[0];
        this.rows = shape[1];
        this.width = shape[2];
        this.offset = offset;
        this.headStride = headStride;
        this.rowStride = rowStride;
        if (heads < 1 || rows < 0 || width < 1 || offset < 0) {
            throw new IllegalArgumentException(
                    "An array of " + order + " [" + heads + ", " + rows + ", " + width + "]");
        }
        long last =
                (long) offset
                        + (long) (heads - 1) * headStride
                        + (long) (rows - 1) * rowStride
                        + width;
        if (rows > 0 && last > values.length) {
            throw new IllegalArgumentException(
                    order + " needs " + last + " elements, the array has " + values.length);
        }
    }

    /** Heads one after the other: [heads, rows, width] from the first element. */
    public static HeadArray headsFirst(float[] values, int heads, int rows, int width) {
        int[] shape = {heads, rows, width};
        return new HeadArray(values, shape, 0, rows * width, width, "heads x rows x width");
    }

    /** Tokens one after the other, each with all its heads: [rows, heads, width]. */
    public static HeadArray rowsFirst(float[] values, int heads, int rows, int width) {
        int[] shape = {heads, rows, width};
        return new HeadArray(values, shape, 0, width, heads * width, "rows x heads x width");
    }

    /**
     * Any other arrangement with rows in one piece.
     *
     * @param offset where head 0, row 0 begins
     * @param headStride elements from one head to the next
     * @param rowStride elements from one row to the next
     */
    public static HeadArray strided(
            float[] values,
            int heads,
            int rows,
            int width,
            int offset,
            int headStride,
            int rowStride) {
        int[] shape = {heads, rows, width};
        return new HeadArray(values, shape, offset, headStride, rowStride, "strided rows");
    }

    /** One head of this, over the same array. */
    public HeadArray head(int head) {
        return rows(head, 0, rows);
    }

    /** Some rows of one head of this, over the same array. */
    public HeadArray rows(int head, int from, int to) {
        return strided(values, 1, to - from, width, at(head, from), headStride, rowStride);
    }

    /** Some rows of every head, over the same array. */
    public HeadArray rows(int from, int to) {
        return strided(values, heads, to - from, width, at(0, from), headStride, rowStride);
    }

    /** The array itself, not a copy. */
    public float[] values() {
        return values;
    }

    public int heads() {
        return heads;
    }

    public int rows() {
        return rows;
    }

    /** Elements of a row. */
    public int width() {
        return width;
    }

    /** Elements from one row to the next. */
    public int rowStride() {
        return rowStride;
    }

    String shape() {
        return "[" + heads + ", " + rows + ", " + width + "]";
    }

    /** Where a row of a head begins. */
    public int at(int head, int row) {
        return offset + head * headStride + row * rowStride;
    }
}
