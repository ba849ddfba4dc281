package org.headlight.viz.bench;

import java.util.List;

/**
 * How long the map of one synthetic head takes. Milliseconds of wall clock; medians unless said
 * otherwise.
 *
 * @param tokens queries and keys, N
 * @param depth width of a query, D
 * @param kernels what computed
 * @param threads threads of the sweeps
 * @param firstPreview from the captured head to its coarse picture, the very first time in this
 *     process
 * @param preview the same, once warm
 * @param firstFull from the captured head to the picture from every row, the first time
 * @param full the same, once warm
 * @param pyramidBytes memory of the map
 * @param baseLevel finest level held in memory
 * @param tiles exact tiles computed on demand, by level
 */
public record MapTiming(
        int tokens,
        int depth,
        String kernels,
        int threads,
        double firstPreview,
        double preview,
        double firstFull,
        double full,
        long pyramidBytes,
        int baseLevel,
        List<TileTiming> tiles) {

    public MapTiming {
        tiles = List.copyOf(tiles);
    }

    /**
     * Exact tiles of one level, none of them cached.
     *
     * @param level 0 is one pixel a cell
     * @param maxTile one tile of 256 x 256 pixels by maximum, far from the diagonal
     * @param meanTile the same by mean
     * @param frame every tile of a view of 1,280 x 800 pixels by maximum, on all threads, 95th
     *     percentile over places along the map
     */
    public record TileTiming(int level, double maxTile, double meanTile, double frame) {}
}
