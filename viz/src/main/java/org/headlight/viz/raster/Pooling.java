package org.headlight.viz.raster;

/** How several cells become one: named in every legend. */
public enum Pooling {
    /** The largest cell; a lone hot cell survives zooming out. */
    MAX,
    /** The mean over the cells that exist (masked ones do not count). */
    MEAN
}
