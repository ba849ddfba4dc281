package org.headlight.viz.raster;

/**
 * The map of one head (after an optional sink drop) at every magnification. Levels below {@link
 * #baseLevel()} are computed on demand from queries, keys and the log-sum-exp; the base level and
 * coarser ones come from the pyramid that the sweep filled. Thread-safe. Values are probabilities,
 * NaN where every cell of a pixel is masked: masked is not zero.
 */
public interface AttentionMap {

    /** Queries, N. */
    int rows();

    /** Keys, M. */
    int cols();

    /** The finest level held in memory. */
    int baseLevel();

    /** The coarsest level: the whole map in one tile. */
    int topLevel();

    /** Whether the pyramid comes from sampled rows and is still being refined. */
    boolean preview();

    /**
     * One tile, row-major [SIZE, SIZE], the part outside the map NaN. At level 0 exact to float32.
     * Must not be changed by the caller.
     */
    float[] tile(TileKey key, Pooling pooling);

    /** Exact values of the rectangle at level 0, row-major, NaN where masked. */
    float[] cells(int row0, int row1, int col0, int col1);

    /** Everything about one cell. */
    CellReading read(int row, int col);

    /** The exact probabilities of one row, [M], NaN where masked. */
    float[] rowProfile(int row);

    /** The exact probabilities of one column, [N], NaN where masked. */
    float[] columnProfile(int col);

    /** Largest and smallest visible positive value of the map, for scales: {min, max}. */
    float[] range();

    /** The value below which the given fraction (0 to 1) of the visible level-base pixels lie. */
    float percentile(double fraction, Pooling pooling);

    /** Mean share of a row's mass that was dropped with the sink; 0 when nothing was dropped. */
    double droppedMass();
}
