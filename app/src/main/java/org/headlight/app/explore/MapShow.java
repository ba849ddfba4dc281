package org.headlight.app.explore;

import org.headlight.viz.raster.AttentionMap;
import org.headlight.viz.raster.Scale;

import java.util.Optional;

/**
 * A map that a reading puts on show in the place of the head's own, cell for cell as large.
 *
 * @param name what it is, for the title, such as "sparse"
 * @param map the map
 * @param scale its own scale; empty to share that of the head's map, so that both compare
 * @param signed whether values have signs
 */
public record MapShow(String name, AttentionMap map, Optional<Scale> scale, boolean signed) {}
