package org.headlight.viz.control.map;

import org.headlight.viz.raster.MapViewport;
import org.headlight.viz.raster.Painting;

/**
 * A painted picture of a view.
 *
 * @param surface its pixels
 * @param view what they show
 * @param painting how complete they are
 */
record Frame(Surface surface, MapViewport view, Painting painting) {}
