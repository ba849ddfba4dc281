package org.headlight.viz.control.grid;

/** How the thumbnails stand. */
public enum HeadOrder {
    /** Layers from top to bottom, heads from left to right. */
    POSITION,
    /** The largest score first; heads without a score last. */
    SCORE
}
