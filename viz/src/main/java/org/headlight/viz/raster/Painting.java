package org.headlight.viz.raster;

import java.util.List;

/**
 * What a painter did.
 *
 * @param level the level it wanted
 * @param missing the tiles of that level that were not at hand, nearest to the centre of the view
 *     first; coarser ones stand in for them
 */
public record Painting(int level, List<TileKey> missing) {
    public Painting {
        missing = List.copyOf(missing);
    }

    /** Whether the picture is final: every pixel comes from the wanted level. */
    public boolean complete() {
        return missing.isEmpty();
    }
}
