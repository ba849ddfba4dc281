package org.headlight.engine.capture;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads one mask operation off a run, chunk of rows by chunk of rows. A chunk in which every row
 * sees one run of keys with bias 0, the same for all heads, is kept as two numbers a row; where
 * biases depend on the distance of key and row alone, one number is kept for each distance;
 * anything else is kept as it is.
 *
 * <p>A softmax does not change when the same number is added to every score of a row, so such a row
 * is one without bias, even where that number would mask a single key. Beyond {@link
 * #SWALLOWS_FROM} the scores are lost in the sum, and the row sees nothing.
 */
public final class MaskTermReader {
    /** A bias of this or less lets no probability through: exp(-10000) is 0 in 32 bits. */
    public static final float MASKED_FROM = -9_999f;

    /**
     * A number of this or less, added in 32 bits to every score of a row, leaves steps of 0.008 or
     * more of the scores: from -1e9 on nothing at all, and the softmax is the same for every key.
     */
    private static final float SWALLOWS_FROM = -1e5f;

    /**
     * What a chunk adds that is no rule.
     *
     * @param row0 first row of the chunk
     * @param row1 row after its last
     */
    record Block(int row0, int row1, int keys, Values values) {}

    /** What is added to the cells of a chunk. */
    sealed interface Values {
        boolean perHead();

        /** What is added where a head's row of the chunk meets a key. */
        float at(int head, int row, int key);
    }

    /** Biases that are the same wherever key and row are as far apart. */
    record ByDistance(DistanceTable table, int row0) implements Values {
        @Override
        public boolean perHead() {
            return table.heads() > 1;
        }

        @Override
        public float at(int head, int row, int key) {
            return table.at(head, key - row0 - row);
        }
    }

    /** Biases with broadcast dimensions: each of heads, rows and keys is the full size or 1. */
    static final class Cells implements Values {
        private final float[] cells;
        private final int heads;
        private final int rows;
        private final int keys;

        Cells(float[] cells, int heads, int rows, int keys) {
            this.cells = cells;
            this.heads = heads;
            this.rows = rows;
            this.keys = keys;
        }

        @Override
        public boolean perHead() {
            return heads > 1;
        }

        @Override
        public float at(int head, int row, int key) {
            int h = heads == 1 ? 0 : head;
            int r = rows == 1 ? 0 : row;
            return cells[(h * rows + r) * keys + (keys == 1 ? 0 : key)];
        }
    }

    private int[] first = new int[0];
    private int[] end = new int[0];
    private int rows;
    private final List<Block> blocks = new ArrayList<>();
    private @Nullable DistanceTable distances;

    /**
     * Takes the next chunk.
     *
     * @param count rows of the chunk; it follows the chunk before
     * @param keyCount keys that the chunk's product covers
     * @param values what is added, [heads or 1, count or 1, keyCount or 1]; kept, not copied, and
     *     changed to 0 in rows where it is one number
     * @param headDim heads in {@code values}: all or 1
     * @param rowDim rows in {@code values}: count or 1
     * @param keyDim keys in {@code values}: keyCount or 1
     */
    public void accept(
            int count, int keyCount, float[] values, int headDim, int rowDim, int keyDim) {
        if (values.length != (long) headDim * rowDim * keyDim) {
            throw new IllegalArgumentException(
                    values.length + " values, expected " + (long) headDim * rowDim * keyDim);
        }
        level(values, keyDim);
        first = Arrays.copyOf(first, rows + count);
        end = Arrays.copyOf(end, rows + count);
        boolean rule = true;
        for (int r = 0; r < rowDim && rule; r++) {
            rule = rule(values, r, headDim, rowDim, keyDim, keyCount);
        }
        if (!rule) {
            boolean every = rowDim == count && keyDim == keyCount;
            DistanceTable table = every ? byDistance(count, keyCount, values, headDim) : null;
            if (table == null) {
                Arrays.fill(first, rows, rows + count, 0);
                Arrays.fill(end, rows, rows + count, keyCount);
            }
            blocks.add(
                    new Block(
                            rows,
                            rows + count,
                            keyCount,
                            table == null
                                    ? new Cells(values, headDim, rowDim, keyDim)
                                    : new ByDistance(table, rows)));
        } else if (rowDim == 1) {
            Arrays.fill(first, rows, rows + count, first[rows]);
            Arrays.fill(end, rows, rows + count, end[rows]);
        }
        rows += count;
    }

    /**
     * What is added, when it depends on the distance of key and row alone, and on the head; null
     * when it does not. Every cell is compared.
     */
    private @Nullable DistanceTable byDistance(int count, int keys, float[] values, int heads) {
        DistanceTable table = distances == null ? new DistanceTable(heads) : distances;
        if (table.heads() != heads) {
            return null;
        }
        int[] run = new int[2];
        for (int h = 0; h < heads; h++) {
            for (int r = 0; r < count; r++) {
                int row = rows + r;
                if (!table.take(h, row, values, (h * count + r) * keys, keys, run)
                        || (h > 0 && (first[row] != run[0] || end[row] != run[1]))) {
                    return null;
                }
                first[row] = run[0];
                end[row] = run[1];
            }
        }
        distances = table;
        return table;
    }

    /** Takes what a softmax does not see out of rows that hold one number. */
    private static void level(float[] values, int keyDim) {
        for (int at = 0; at < values.length; at += keyDim) {
            float level = values[at];
            boolean flat = level > SWALLOWS_FROM && level < Float.POSITIVE_INFINITY && level != 0;
            for (int i = at + 1; i < at + keyDim && flat; i++) {
                flat = values[i] == level;
            }
            if (flat) {
                Arrays.fill(values, at, at + keyDim, 0);
            }
        }
    }

    /** Notes the run of keys that a row sees; false when the row is no such run. */
    private boolean rule(
            float[] values, int row, int headDim, int rowDim, int keyDim, int keyCount) {
        for (int h = 0; h < headDim; h++) {
            int at = (h * rowDim + row) * keyDim;
            int f = 0;
            while (f < keyDim && values[at + f] <= MASKED_FROM) {
                f++;
            }
            int e = keyDim;
            while (e > f && values[at + e - 1] <= MASKED_FROM) {
                e--;
            }
            if (!zero(values, at + f, at + e)) {
                return false;
            }
            if (keyDim == 1) {
                f = 0;
                e *= keyCount;
            }
            if (f == e) {
                f = 0;
                e = 0;
            }
            if (h > 0 && (first[rows + row] != f || end[rows + row] != e)) {
                return false;
            }
            first[rows + row] = f;
            end[rows + row] = e;
        }
        return true;
    }

    private static boolean zero(float[] values, int from, int to) {
        int nonZero = 0;
        for (int i = from; i < to; i++) {
            nonZero |= values[i] == 0 ? 0 : 1;
        }
        return nonZero == 0;
    }

    /** Whether every chunk so far was two numbers a row. */
    public boolean isRule() {
        return blocks.isEmpty();
    }

    /** Whether a number is kept for each cell of some chunk. */
    public boolean keepsCells() {
        return blocks.stream().anyMatch(block -> block.values() instanceof Cells);
    }

    int rows() {
        return rows;
    }

    int firstKey(int row) {
        return first[row];
    }

    int endKey(int row) {
        return end[row];
    }

    List<Block> blocks() {
        return blocks;
    }
}
