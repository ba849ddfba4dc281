package org.headlight.viz.raster;

import java.util.Arrays;

/**
 * One map less another of the same cells, at every magnification: positive where the first has
 * more. Pixels of several cells hold the difference of the means, which is the mean of the
 * differences; there is no pooling by maximum. Nothing is stored beyond the two maps. Thread-safe.
 */
public final class DifferenceMap implements AttentionMap {
    private static final int QUANTILES = 2000;

    private final AttentionMap first;
    private final AttentionMap second;
    private final float[] magnitudes;

    /**
     * The difference {@code first - second}.
     *
     * @throws IllegalArgumentException when the maps differ in size or levels
     */
    public DifferenceMap(AttentionMap first, AttentionMap second) {
        boolean alike =
                first.rows() == second.rows()
                        && first.cols() == second.cols()
                        && first.baseLevel() == second.baseLevel()
                        && first.topLevel() == second.topLevel();
        if (!alike) {
            throw new IllegalArgumentException(
                    "maps of "
                            + first.rows()
                            + " x "
                            + first.cols()
                            + " and "
                            + second.rows()
                            + " x "
                            + second.cols()
                            + " have no difference");
        }
        this.first = first;
        this.second = second;
        this.magnitudes = sorted();
    }

    /** Evenly chosen ones of all magnitudes at the base level, sorted; the last is the largest. */
    private float[] sorted() {
        int level = first.baseLevel();
        int across = Math.ceilDiv(Math.ceilDiv(cols(), 1 << level), TileKey.SIZE);
        int down = Math.ceilDiv(Math.ceilDiv(rows(), 1 << level), TileKey.SIZE);
        float[] all = new float[across * down * TileKey.SIZE * TileKey.SIZE];
        int count = 0;
        for (int row = 0; row < down; row++) {
            for (int col = 0; col < across; col++) {
                for (float value : tile(new TileKey(level, row, col), Pooling.MEAN)) {
                    if (value != 0 && !Float.isNaN(value)) {
                        all[count++] = Math.abs(value);
                    }
                }
            }
        }
        Arrays.sort(all, 0, count);
        float[] some = new float[Math.min(count, QUANTILES)];
        for (int i = 0; i < some.length; i++) {
            some[i] = all[(int) ((i + 1L) * count / some.length) - 1];
        }
        return some;
    }

    /** The magnitude that a share of them lies within; 0 without any. */
    private float within(double share) {
        int at = (int) Math.ceil(magnitudes.length * share) - 1;
        return magnitudes.length == 0 ? 0 : magnitudes[Math.clamp(at, 0, magnitudes.length - 1)];
    }

    /**
     * A linear scale with zero in the middle, whose ends all but so many of the differing pixels at
     * the base level lie within.
     *
     * @param clipped share of the pixels that lie beyond, 0 to below 1
     */
    public Scale scale(double clipped) {
        float end = within(1 - clipped);
        float reach = end > 0 ? end : 1e-6f;
        return new Scale(Scale.Kind.LINEAR, -reach, reach);
    }

    @Override
    public int rows() {
        return first.rows();
    }

    @Override
    public int cols() {
        return first.cols();
    }

    @Override
    public int baseLevel() {
        return first.baseLevel();
    }

    @Override
    public int topLevel() {
        return first.topLevel();
    }

    @Override
    public boolean preview() {
        return first.preview() || second.preview();
    }

    @Override
    public float[] tile(TileKey key, Pooling pooling) {
        return less(first.tile(key, Pooling.MEAN), second.tile(key, Pooling.MEAN));
    }

    @Override
    public float[] cells(int row0, int row1, int col0, int col1) {
        return less(first.cells(row0, row1, col0, col1), second.cells(row0, row1, col0, col1));
    }

    private static float[] less(float[] a, float[] b) {
        float[] difference = new float[a.length];
        for (int i = 0; i < a.length; i++) {
            difference[i] = a[i] - b[i];
        }
        return difference;
    }

    /** The difference of a cell; its rank is that of its magnitude within the row. */
    @Override
    public CellReading read(int row, int col) {
        float[] profile = rowProfile(row);
        float own = profile[col];
        if (Float.isNaN(own)) {
            return new CellReading(row, col, true, 0, 0, visible(profile), 0);
        }
        int rank = 1;
        for (float other : profile) {
            rank += Math.abs(other) > Math.abs(own) ? 1 : 0;
        }
        return new CellReading(row, col, false, own, rank, visible(profile), 0);
    }

    private static int visible(float[] profile) {
        int visible = 0;
        for (float value : profile) {
            visible += Float.isNaN(value) ? 0 : 1;
        }
        return visible;
    }

    @Override
    public float[] rowProfile(int row) {
        return less(first.rowProfile(row), second.rowProfile(row));
    }

    @Override
    public float[] columnProfile(int col) {
        return less(first.columnProfile(col), second.columnProfile(col));
    }

    /** The largest magnitude at the base level, with both signs: {-max, max}. */
    @Override
    public float[] range() {
        float max = within(1);
        return new float[] {-max, max};
    }

    /** The magnitude below which the given fraction of the differing pixels lie. */
    @Override
    public float percentile(double fraction, Pooling pooling) {
        return within(fraction);
    }

    @Override
    public double droppedMass() {
        return first.droppedMass();
    }
}
