package org.headlight.analysis.antidiagonal;

import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.sweep.Visibility;

import java.util.Set;

/** The blocks of a head's map, and which of them hold cells that a query sees. Immutable. */
public final class BlockGrid {
    private final int block;
    private final int keys;
    private final int rows;
    private final int cols;
    private final int[] first;
    private final int[] end;
    private final int[] own;
    private final boolean causal;

    /**
     * Lays blocks over a map.
     *
     * @param block queries and keys of a block
     */
    public BlockGrid(HeadAttention head, int block) {
        this.block = block;
        this.keys = head.cols();
        this.rows = Math.ceilDiv(head.rows(), block);
        this.cols = Math.ceilDiv(head.cols(), block);
        this.causal = head.mask().causal();
        first = new int[rows];
        end = new int[rows];
        own = new int[rows];
        Visibility visible = new Visibility(head, Set.of());
        int offset = head.cols() - head.rows();
        for (int row = 0; row < rows; row++) {
            int from = Integer.MAX_VALUE;
            int to = 0;
            int last = Math.min(head.rows(), (row + 1) * block);
            for (int query = row * block; query < last; query++) {
                if (visible.end(query) > visible.first(query)) {
                    from = Math.min(from, visible.first(query));
                    to = Math.max(to, visible.end(query));
                }
            }
            first[row] = to == 0 ? 0 : from / block;
            end[row] = Math.ceilDiv(to, block);
            own[row] = Math.clamp((last - 1L + offset) / block, 0, Math.max(0, cols - 1));
        }
    }

    /** Queries and keys of a block. */
    public int block() {
        return block;
    }

    /** Keys of the map, M. */
    public int keys() {
        return keys;
    }

    /** Block rows, ceil(N / B). */
    public int rows() {
        return rows;
    }

    /** Block columns, ceil(M / B). */
    public int cols() {
        return cols;
    }

    /** Whether no query sees a key after its own. */
    public boolean causal() {
        return causal;
    }

    /** Whether any query of the block may see any key of it. */
    public boolean exists(int row, int col) {
        return col >= first[row] && col < end[row];
    }

    /** The first block column that exists in a row. */
    public int first(int row) {
        return first[row];
    }

    /** One after the last block column that exists in a row. */
    public int end(int row) {
        return end[row];
    }

    /** The block column of the last query's own key, where the mask is causal. */
    public int own(int row) {
        return own[row];
    }

    /** How many blocks exist. */
    public long count() {
        long count = 0;
        for (int row = 0; row < rows; row++) {
            count += end[row] - first[row];
        }
        return count;
    }
}
