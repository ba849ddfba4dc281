package org.headlight.viz.raster;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * Blocks laid over a map: for each block a mark, and if wanted a value that is painted in colour.
 * Block (r, c) covers the queries from {@code r * queriesPerBlock} and the keys from {@code c *
 * keysPerBlock}; the last row and column may be cut off by the map's edge. With one query and one
 * key to a block it is a mask of cells. Never changes; equality is identity.
 */
public final class BlockOverlay {
    /** Nothing is drawn on the block. */
    public static final byte NONE = 0;

    /** The block is inside the outline. */
    public static final byte KEPT = 1;

    /** The block is veiled and hatched: it is left out and should have been kept. */
    public static final byte MISSED = 2;

    /** The block is veiled: it is left out. */
    public static final byte SKIPPED = 3;

    private final int queriesPerBlock;
    private final int keysPerBlock;
    private final int rows;
    private final int cols;
    private final byte[] marks;
    private final float @Nullable [] values;
    private final boolean paintsValues;

    /**
     * An overlay; both arrays are copied.
     *
     * @param queriesPerBlock at least 1
     * @param keysPerBlock at least 1
     * @param cols block columns; the arrays hold whole rows of these
     * @param marks {@link #NONE}, {@link #KEPT}, {@link #MISSED} or {@link #SKIPPED} per block,
     *     [rows, cols]
     * @param values what is painted over the map per block, 0 to 1, [rows, cols], NaN for nothing;
     *     null to leave the map as it is
     * @throws IllegalArgumentException when the sizes do not fit
     */
    public BlockOverlay(
            int queriesPerBlock,
            int keysPerBlock,
            int cols,
            byte[] marks,
            float @Nullable [] values) {
        boolean fits =
                queriesPerBlock >= 1
                        && keysPerBlock >= 1
                        && cols >= 1
                        && marks.length % cols == 0
                        && (values == null || values.length == marks.length);
        if (!fits) {
            throw new IllegalArgumentException(
                    marks.length + " blocks in " + cols + " columns do not fit");
        }
        this.queriesPerBlock = queriesPerBlock;
        this.keysPerBlock = keysPerBlock;
        this.cols = cols;
        this.rows = marks.length / cols;
        this.marks = Arrays.copyOf(marks, marks.length);
        this.values = values == null ? null : Arrays.copyOf(values, values.length);
        this.paintsValues = values != null;
    }

    /** Queries that a block covers. */
    public int queriesPerBlock() {
        return queriesPerBlock;
    }

    /** Keys that a block covers. */
    public int keysPerBlock() {
        return keysPerBlock;
    }

    /** Block rows. */
    public int rows() {
        return rows;
    }

    /** Block columns. */
    public int cols() {
        return cols;
    }

    /** The mark of a block; {@link #NONE} outside. */
    public byte mark(int row, int col) {
        boolean inside = row >= 0 && row < rows && col >= 0 && col < cols;
        return inside ? marks[row * cols + col] : NONE;
    }

    /** Whether values are painted over the map. */
    public boolean paintsValues() {
        return paintsValues;
    }

    /** The value of a block, 0 to 1; NaN where nothing is painted. */
    public float value(int row, int col) {
        float[] all = values;
        return all == null ? Float.NaN : all[row * cols + col];
    }
}
