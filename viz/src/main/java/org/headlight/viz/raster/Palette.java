package org.headlight.viz.raster;

/**
 * Every colour that a map is painted with: the sequential table, the colours of clipped values, and
 * those of pixels that have no value. All are opaque, 0xFFRRGGBB. Immutable.
 */
public final class Palette {
    /** Entries of the table. */
    public static final int SIZE = 256;

    /** Pixels between two hatch lines. */
    private static final int HATCH = 6;

    private final int[] table;
    private final Fixed fixed;

    /**
     * The colours beside the table.
     *
     * @param under values below the scale
     * @param over values above the scale
     * @param masked cells that the query may not see
     * @param maskedHatch the fine diagonal lines over them
     * @param dropped keys taken out with the sink
     * @param droppedHatch the fine diagonal lines over them, leaning the other way
     * @param pending cells that are not computed yet
     * @param outside the surface around the map
     */
    record Fixed(
            int under,
            int over,
            int masked,
            int maskedHatch,
            int dropped,
            int droppedHatch,
            int pending,
            int outside) {}

    /** Colours of signed values: warm below zero, which is in the middle, and blue above. */
    public static Palette signed(boolean dark) {
        return Palettes.signed(dark);
    }

    Palette(int[] table, Fixed fixed) {
        this.table = table.clone();
        this.fixed = fixed;
    }

    /** The colour at a position, 0 to 1, along the map; positions outside are clipped. */
    public int argb(float position) {
        return table[Math.clamp((int) (position * SIZE), 0, SIZE - 1)];
    }

    /** The colour of a table entry, 0 to 255. */
    public int entry(int index) {
        return table[index];
    }

    /** The colour of values below the scale. */
    public int under() {
        return fixed.under;
    }

    /** The colour of values above the scale. */
    public int over() {
        return fixed.over;
    }

    /** The grey of masked cells, without the hatch. */
    public int masked() {
        return fixed.masked;
    }

    /** The hatch lines of masked cells. */
    public int maskedHatch() {
        return fixed.maskedHatch;
    }

    /** The colour of a masked pixel: flat grey with a fine hatch that stays put on the surface. */
    public int masked(int x, int y) {
        return Math.floorMod(x + y, HATCH) == 0 ? fixed.maskedHatch : fixed.masked;
    }

    /** The colour of a pixel whose keys were dropped: hatched the other way. */
    public int dropped(int x, int y) {
        return Math.floorMod(x - y, HATCH) == 0 ? fixed.droppedHatch : fixed.dropped;
    }

    /** The tint of dropped keys, without the hatch. */
    public int dropped() {
        return fixed.dropped;
    }

    /** The colour of cells that are not computed yet. */
    public int pending() {
        return fixed.pending;
    }

    /** The colour around the map. */
    public int outside() {
        return fixed.outside;
    }
}
