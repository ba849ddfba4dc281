package org.headlight.viz.control.map;

import org.headlight.viz.raster.AttentionMap;
import org.headlight.viz.raster.MapViewport;
import org.headlight.viz.raster.PaintStyle;

/**
 * What to paint.
 *
 * @param map from where
 * @param refresh counts up when the same map has new contents
 * @param view which part
 * @param style in which colours
 */
record RenderRequest(AttentionMap map, int refresh, MapViewport view, PaintStyle style) {}
