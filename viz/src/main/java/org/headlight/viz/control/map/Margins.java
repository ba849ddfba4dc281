package org.headlight.viz.control.map;

import org.headlight.viz.raster.AttentionMap;
import org.headlight.viz.raster.MapViewport;
import org.headlight.viz.raster.NumberText;
import org.jspecify.annotations.Nullable;

/**
 * The room left of the map and above it for titles and rulers: a line for positions, more where
 * cells are large enough for the names of tokens. It depends on the magnification alone, so that
 * moving about never changes it; a map that is fitted is asked whether its cells are still large
 * enough with the larger room, so that the answer cannot swing to and fro.
 *
 * @param labelled whether tokens are named
 */
record Margins(double left, double top, boolean labelled) {
    /** Room for a title. */
    static final double TITLE = 16;

    /** Room between the map and the edges of the control without rulers. */
    static final double EDGE = 8;

    private static final double LABEL_LEFT = 104;
    private static final double LABEL_TOP = 88;
    private static final double TICK_TOP = TITLE + 20;
    private static final double TICK_GAPS = 12;

    /** The room that any map may need. */
    static final Margins LARGEST = new Margins(LABEL_LEFT, LABEL_TOP, true);

    /** The room while there is no map. */
    static final Margins EMPTY = new Margins(48, TICK_TOP, false);

    /**
     * The room for a map.
     *
     * @param now what is seen; null for the whole map
     * @param named whether there are tokens to name
     * @param width of everything, with the room, in pixels of the screen
     * @param height likewise
     * @param density pixels of the surface per pixel of the screen
     * @param digit width of a digit of the ruler
     */
    static Margins of(
            AttentionMap map,
            @Nullable MapViewport now,
            boolean named,
            double width,
            double height,
            double density,
            double digit) {
        double cell =
                now == null || now.equals(now.fit(map.rows(), map.cols()))
                        ? fittedCell(map, width, height)
                        : 1 / now.cellsPerPixel() / density;
        if (named && cell >= Ruler.LABEL_CELL) {
            return LARGEST;
        }
        int places = NumberText.count(map.rows() - 1L).length();
        return new Margins(
                TITLE + Math.ceil(Math.max(2, places) * digit) + TICK_GAPS, TICK_TOP, false);
    }

    /** The side of a cell of the whole map with the larger room. */
    private static double fittedCell(AttentionMap map, double width, double height) {
        return Math.min(
                (width - LABEL_LEFT - EDGE) / map.cols(), (height - LABEL_TOP - EDGE) / map.rows());
    }
}
