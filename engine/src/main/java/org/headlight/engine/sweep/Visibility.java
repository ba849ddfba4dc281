package org.headlight.engine.sweep;

import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.capture.HeadAttention;

import java.util.Arrays;
import java.util.Set;

/** Which cells of a map exist: the head's mask, less the excluded keys. Immutable, thread-safe. */
public final class Visibility {
    private final AttentionMask mask;
    private final int rows;
    private final int cols;
    private final int[] excluded;

    /**
     * @param excludedKeys keys treated as masked; those outside the map do not matter
     */
    public Visibility(HeadAttention head, Set<Integer> excludedKeys) {
        this.mask = head.mask();
        this.rows = head.rows();
        this.cols = head.cols();
        this.excluded =
                excludedKeys.stream()
                        .mapToInt(Integer::intValue)
                        .filter(key -> key >= 0 && key < cols)
                        .sorted()
                        .toArray();
    }

    public int rows() {
        return rows;
    }

    public int cols() {
        return cols;
    }

    /** Whether keys are visible by intervals alone: no biases, nothing excluded. */
    public boolean intervals() {
        return mask.unbiased() && excluded.length == 0;
    }

    /** Whether scores have biases. */
    public boolean biased() {
        return !mask.unbiased();
    }

    /** What is added to the scaled score of a cell. */
    public float bias(int row, int col) {
        return mask.bias(row, col);
    }

    /** First key that the row may see. */
    public int first(int row) {
        return Math.clamp(mask.firstKey(row), 0, cols);
    }

    /** One after the last key that the row may see; at least {@link #first}. */
    public int end(int row) {
        return Math.max(first(row), Math.min(cols, mask.endKey(row)));
    }

    /** How many keys are excluded. */
    public int excludedCount() {
        return excluded.length;
    }

    /** The i-th excluded key, ascending. */
    public int excluded(int i) {
        return excluded[i];
    }

    /** Whether the key is excluded. */
    public boolean isExcluded(int key) {
        return Arrays.binarySearch(excluded, key) >= 0;
    }

    /** Whether the cell exists. */
    public boolean visible(int row, int col) {
        return col >= first(row)
                && col < end(row)
                && !isExcluded(col)
                && (mask.unbiased() || !mask.masked(row, col));
    }

    /** How many keys in [col0, col1) the row sees. */
    public int count(int row, int col0, int col1) {
        int from = Math.max(col0, first(row));
        int to = Math.min(col1, end(row));
        if (to <= from) {
            return 0;
        }
        if (mask.unbiased()) {
            return to - from - excludedIn(from, to);
        }
        int count = 0;
        for (int col = from; col < to; col++) {
            count += isExcluded(col) || mask.masked(row, col) ? 0 : 1;
        }
        return count;
    }

    /** How many keys of [from, to) are excluded. */
    int excludedIn(int from, int to) {
        return excluded.length == 0 ? 0 : excludedBefore(to) - excludedBefore(from);
    }

    private int excludedBefore(int key) {
        int found = Arrays.binarySearch(excluded, key);
        return found >= 0 ? found : -1 - found;
    }
}
