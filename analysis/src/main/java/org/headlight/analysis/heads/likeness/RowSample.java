package org.headlight.analysis.heads.likeness;

import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.sweep.RowBlock;
import org.headlight.engine.sweep.SweepConsumer;
import org.headlight.engine.sweep.Visibility;

import java.util.Arrays;
import java.util.Set;

/**
 * A small picture of a head: some rows, evenly spread over the text, each pooled into intervals of
 * keys. Rows of two heads of the same text can be compared. The memory does not grow with the text.
 */
public final class RowSample implements SweepConsumer {
    /** Rows that are kept, at most. */
    public static final int ROWS = 32;

    /** Intervals of a row, at most: rows with no more keys are kept cell by cell. */
    public static final int CELLS = 128;

    private final int rows;
    private final int keys;
    private final int kept;
    private final int cells;
    private final boolean ahead;
    private final float[] values;

    /** An empty picture of a head, filled by a sweep. */
    public RowSample(HeadAttention head) {
        this.rows = head.rows();
        this.keys = head.cols();
        this.kept = Math.min(ROWS, rows);
        this.cells = Math.min(CELLS, keys);
        this.ahead = looksAhead(head);
        this.values = new float[kept * cells];
    }

    /** The row that a row of the picture was taken from: the last one is the last row. */
    int row(int index) {
        return (int) ((index + 1L) * rows / kept) - 1;
    }

    /** Whether any row may see a key after its own position, as in an encoder. */
    private static boolean looksAhead(HeadAttention head) {
        Visibility visibility = new Visibility(head, Set.of());
        for (int row = 0; row < head.rows(); row++) {
            if (visibility.end(row) > row + 1 + head.cols() - head.rows()) {
                return true;
            }
        }
        return false;
    }

    /** How many keys a row's intervals cover: all of them, or those up to its own position. */
    private int width(int row) {
        return ahead ? keys : Math.clamp((long) row + 1 + keys - rows, 1, keys);
    }

    @Override
    public Worker worker() {
        return this::take;
    }

    @Override
    public void finish() {
        // Each row was written by one thread.
    }

    private void take(RowBlock block) {
        for (int index = 0; index < kept; index++) {
            int lane = row(index) - block.row0;
            if (lane >= 0 && lane < block.count) {
                int width = width(row(index));
                int used = Math.min(cells, width);
                for (int key = block.key0; key < block.key1; key++) {
                    int cell = (int) Math.min(used - 1L, (long) key * used / width);
                    values[index * cells + cell] +=
                            block.p[(key - block.key0) * RowBlock.LANES + lane];
                }
            }
        }
    }

    /**
     * How differently two heads look: half the sum of differences of a row (the total variation
     * distance), as a mean over the rows of the pictures; 0 alike to 1 nothing in common. Pooling
     * makes it a lower bound.
     */
    public double distance(RowSample other) {
        if (!comparable(other)) {
            throw new IllegalArgumentException("pictures of maps of different sizes or directions");
        }
        double sum = 0;
        for (int i = 0; i < values.length; i++) {
            sum += Math.abs(values[i] - other.values[i]);
        }
        return sum / 2 / kept;
    }

    /** Whether the other map has the same size, and both look ahead or neither does. */
    public boolean comparable(RowSample other) {
        return rows == other.rows && keys == other.keys && ahead == other.ahead;
    }

    /**
     * The picture of the whole map, side by side: each cell the largest value of the intervals that
     * fall on it.
     *
     * @return [side, side], row-major, NaN where a row does not reach
     */
    public float[] thumbnail(int side) {
        float[] picture = new float[side * side];
        Arrays.fill(picture, Float.NaN);
        for (int y = 0; y < side; y++) {
            int index = Math.min(kept - 1, y * kept / side);
            int width = width(row(index));
            int used = Math.min(cells, width);
            for (int cell = 0; cell < used; cell++) {
                int from = (int) ((long) cell * width / used * side / keys);
                int to = (int) ((cell + 1L) * width / used * side / keys);
                for (int x = from; x < Math.max(from + 1, to) && x < side; x++) {
                    float value = values[index * cells + cell];
                    float old = picture[y * side + x];
                    picture[y * side + x] = Float.isNaN(old) ? value : Math.max(old, value);
                }
            }
        }
        return picture;
    }
}
