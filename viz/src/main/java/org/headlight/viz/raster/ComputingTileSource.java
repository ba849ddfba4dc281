package org.headlight.viz.raster;

/** Every tile is at hand, because it is computed when asked for. */
record ComputingTileSource(AttentionMap map) implements TileSource {
    @Override
    public int rows() {
        return map.rows();
    }

    @Override
    public int cols() {
        return map.cols();
    }

    @Override
    public int topLevel() {
        return map.topLevel();
    }

    @Override
    public float[] tileIfPresent(TileKey key, Pooling pooling) {
        return map.tile(key, pooling);
    }
}
