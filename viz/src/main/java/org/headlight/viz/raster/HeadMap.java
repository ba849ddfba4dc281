package org.headlight.viz.raster;

import org.headlight.engine.sweep.HeadReader;
import org.headlight.engine.sweep.HeadReader.Window;
import org.headlight.engine.sweep.Visibility;

import java.util.Arrays;

/**
 * The map of one head: a pyramid filled by one sweep, and exact parts computed on demand. Made by
 * {@link MapBuilder}. Thread-safe.
 */
public final class HeadMap implements AttentionMap {
    private final HeadReader reader;
    private final Visibility visibility;
    private final Pyramid pyramid;
    private final TileCache cache;
    private final Levels levels;
    private final Facts facts;

    /** Which levels a map has. */
    record Levels(int base, int top) {}

    /**
     * What the sweep learned in passing.
     *
     * @param preview whether it saw sampled rows only
     * @param least smallest positive probability; positive infinity when there is none
     * @param dropped mean share of a row's mass on dropped keys
     * @param device what pooled it
     */
    record Facts(boolean preview, float least, double dropped, String device) {}

    HeadMap(HeadReader reader, Pyramid pyramid, TileCache cache, Levels levels, Facts facts) {
        this.reader = reader;
        this.visibility = reader.visibility();
        this.pyramid = pyramid;
        this.cache = cache;
        this.levels = levels;
        this.facts = facts;
    }

    @Override
    public int rows() {
        return visibility.rows();
    }

    @Override
    public int cols() {
        return visibility.cols();
    }

    @Override
    public int baseLevel() {
        return levels.base;
    }

    @Override
    public int topLevel() {
        return levels.top;
    }

    @Override
    public boolean preview() {
        return facts.preview;
    }

    /** What pooled it, as on the command line: "cpu", "cuda:0". */
    public String device() {
        return facts.device;
    }

    /** Bytes of the pyramid, tiles not counted. */
    public long bytes() {
        return pyramid.bytes();
    }

    @Override
    public float[] tile(TileKey key, Pooling pooling) {
        if (key.level() < 0 || key.level() > levels.top || key.row() < 0 || key.col() < 0) {
            throw new IllegalArgumentException(
                    key + " is outside the levels 0 to " + levels.top + " of the map");
        }
        Pooling kind = key.level() == 0 ? Pooling.MAX : pooling;
        return cache.get(this, key, kind, () -> compute(key, kind));
    }

    private float[] compute(TileKey key, Pooling pooling) {
        if (key.level() >= levels.base) {
            return pyramid.level(key.level()).tile(key.row(), key.col(), pooling);
        }
        int size = TileKey.SIZE;
        float[] target = new float[size * size];
        long row0 = ((long) key.row() * size) << key.level();
        long col0 = ((long) key.col() * size) << key.level();
        if (row0 >= rows() || col0 >= cols()) {
            Arrays.fill(target, Float.NaN);
        } else if (key.level() == 0) {
            int row1 = (int) Math.min(rows(), row0 + size);
            int col1 = (int) Math.min(cols(), col0 + size);
            Arrays.fill(target, Float.NaN);
            reader.probabilities((int) row0, row1, (int) col0, col1, target, 0, size);
        } else {
            reader.pooled(
                    new Window((int) row0, (int) col0, size, size),
                    1 << key.level(),
                    pooling == Pooling.MEAN,
                    target);
        }
        return target;
    }

    @Override
    public float[] cells(int row0, int row1, int col0, int col1) {
        if (row0 < 0 || row1 > rows() || row0 > row1 || col0 < 0 || col1 > cols() || col0 > col1) {
            throw new IllegalArgumentException(
                    "rows "
                            + row0
                            + ":"
                            + row1
                            + " and columns "
                            + col0
                            + ":"
                            + col1
                            + " do not lie in the map of "
                            + rows()
                            + " x "
                            + cols());
        }
        int width = col1 - col0;
        float[] target = new float[Math.multiplyExact(row1 - row0, width)];
        if (target.length > 0) {
            reader.probabilities(row0, row1, col0, col1, target, 0, width);
        }
        return target;
    }

    @Override
    public CellReading read(int row, int col) {
        float[] profile = rowProfile(row);
        int visible = visibility.count(row, 0, cols());
        double sink = reader.sinkShare(profile);
        float p = profile[col];
        if (Float.isNaN(p)) {
            return new CellReading(row, col, true, 0, 0, visible, sink);
        }
        int rank = 1;
        for (float other : profile) {
            rank += other > p ? 1 : 0;
        }
        return new CellReading(row, col, false, p, rank, visible, sink);
    }

    @Override
    public float[] rowProfile(int row) {
        return cells(row, row + 1, 0, cols());
    }

    @Override
    public float[] columnProfile(int col) {
        return cells(0, rows(), col, col + 1);
    }

    @Override
    public float[] range() {
        PyramidLevel top = pyramid.top();
        float max = 0;
        for (int row = 0; row < top.rows; row++) {
            for (float value : top.row(row, Pooling.MAX)) {
                max = value > max ? value : max;
            }
        }
        return new float[] {Math.min(facts.least, max), max};
    }

    @Override
    public float percentile(double fraction, Pooling pooling) {
        return Percentile.of(pyramid.base(), pooling, fraction);
    }

    @Override
    public double droppedMass() {
        return facts.dropped;
    }

    /** The whole map in {@code px} x {@code px} pixels by maximum; see {@link Thumbnail}. */
    public float[] thumbnail(int px) {
        return Thumbnail.of(this, px);
    }
}
