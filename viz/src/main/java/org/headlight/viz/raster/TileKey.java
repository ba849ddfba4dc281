package org.headlight.viz.raster;

/**
 * The integer address of a tile of {@link #SIZE} x {@link #SIZE} pixels. At level L a pixel covers
 * 2^L x 2^L cells; tile (level, row, col) starts at cell (row * SIZE << level, col * SIZE <<
 * level).
 *
 * @param level 0 is exact: one pixel, one cell
 */
public record TileKey(int level, int row, int col) {
    /** Pixels along a side of a tile. */
    public static final int SIZE = 256;
}
