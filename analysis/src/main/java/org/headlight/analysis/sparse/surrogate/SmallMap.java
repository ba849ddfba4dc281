package org.headlight.analysis.sparse.surrogate;

import org.headlight.engine.sweep.RowBlock;
import org.headlight.engine.sweep.SweepConsumer;

/**
 * A map whose rows are averaged to a fixed number of cells, each over the keys up to the query:
 * cell c of L keys and K cells holds the mean of keys floor(c L / K) to floor((c + 1) L / K).
 */
final class SmallMap implements SweepConsumer {
    private final int from;
    private final int columns;
    private final float[] cells;

    /**
     * @param from position of the first query
     * @param columns cells of a row, where it has as many keys
     */
    SmallMap(int rows, int from, int columns) {
        this.from = from;
        this.columns = columns;
        this.cells = new float[Math.multiplyExact(rows, columns)];
    }

    /** The first key of a cell. */
    static int edge(int cell, int length, int cells) {
        return (int) ((long) cell * length / cells);
    }

    /** The cells of a row: as many as columns, or as it has keys. */
    void copy(int row, double[] target, int at) {
        int length = from + row + 1;
        int count = Math.min(columns, length);
        for (int c = 0; c < count; c++) {
            int width = edge(c + 1, length, count) - edge(c, length, count);
            target[at + c] = cells[row * columns + c] / width;
        }
    }

    @Override
    public Worker worker() {
        // Rows are handed out once each, so workers write to the same array at different places.
        return this::add;
    }

    private void add(RowBlock block) {
        for (int lane = 0; lane < block.count; lane++) {
            int row = block.row0 + lane;
            int length = from + row + 1;
            int count = Math.min(columns, length);
            int end = Math.min(block.key1, length);
            int cell = (int) Math.min(count - 1, (long) block.key0 * count / length);
            for (int key = block.key0; key < end; key++) {
                while (key >= edge(cell + 1, length, count)) {
                    cell++;
                }
                float p = block.p[(key - block.key0) * RowBlock.LANES + lane];
                cells[row * columns + cell] += p;
            }
        }
    }

    @Override
    public void finish() {}
}
