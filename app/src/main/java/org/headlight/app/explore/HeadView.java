package org.headlight.app.explore;

import org.headlight.viz.raster.AttentionMap;
import org.jspecify.annotations.Nullable;

/**
 * What one sweep over a head brings.
 *
 * @param map its exact map
 * @param report its numbers, of the map with nothing dropped; null when something was
 */
public record HeadView(AttentionMap map, @Nullable HeadReport report) {}
