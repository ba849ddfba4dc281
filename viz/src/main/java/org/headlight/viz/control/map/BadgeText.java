package org.headlight.viz.control.map;

import org.headlight.viz.raster.MapViewport;
import org.headlight.viz.raster.Pooling;

/** What kind of picture is shown, in a few words. */
final class BadgeText {
    private BadgeText() {}

    /**
     * "exact", "max-pooled 1.4x" or "mean-pooled 128x"; "preview" before it while it is rough.
     *
     * @param rough whether coarser tiles stand in, or the map itself is still a preview
     */
    static String of(MapViewport view, Pooling pooling, boolean rough) {
        String text = view.pooled() ? pooled(view.cellsPerPixel(), pooling) : "exact";
        return rough ? "preview, " + text : text;
    }

    private static String pooled(double cells, Pooling pooling) {
        long tenths = Math.round(cells * 10);
        boolean whole = tenths >= 100 || tenths % 10 == 0;
        String factor = whole ? Long.toString(Math.round(cells)) : tenths / 10 + "." + tenths % 10;
        return (pooling == Pooling.MAX ? "max" : "mean") + "-pooled " + factor + "\u00d7";
    }
}
