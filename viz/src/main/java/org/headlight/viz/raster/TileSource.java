package org.headlight.viz.raster;

import org.jspecify.annotations.Nullable;

/**
 * Where a painter takes tiles from without ever waiting. A source over a cache answers null for
 * what is not there yet; the painter then uses a coarser tile and says which ones it missed.
 */
public interface TileSource {

    /** Queries, N. */
    int rows();

    /** Keys, M. */
    int cols();

    /** The coarsest level: the whole map in one tile. */
    int topLevel();

    /** The tile if it is at hand; null when it has to be computed. Must return at once. */
    float @Nullable [] tileIfPresent(TileKey key, Pooling pooling);

    /** A source that computes what is missing: for files and tests, never for the screen. */
    static TileSource computing(AttentionMap map) {
        return new ComputingTileSource(map);
    }
}
