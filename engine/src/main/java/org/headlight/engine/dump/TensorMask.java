package org.headlight.engine.dump;

import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.problem.BadInputException;

import java.util.Locale;

/** An additive mask read from a tensor [H or 1, N or 1, M]; minus infinity hides a key. */
final class TensorMask implements AttentionMask {
    private final Tensor tensor;
    private final long plane;
    private final long rowStride;
    private final int[] first;
    private final int[] end;
    private final boolean causal;

    private TensorMask(
            Tensor tensor, long plane, long rowStride, int[] first, int[] end, boolean causal) {
        this.tensor = tensor;
        this.plane = plane;
        this.rowStride = rowStride;
        this.first = first;
        this.end = end;
        this.causal = causal;
    }

    /**
     * Reads the mask of one head, checking every value.
     *
     * @param rows queries of the map
     * @throws BadInputException when a value is NaN or plus infinity
     */
    static TensorMask of(String file, Tensor tensor, int head, int rows) {
        int cols = tensor.dim(2);
        int stored = tensor.dim(1);
        long plane = tensor.dim(0) == 1 ? 0 : (long) head * stored * cols;
        int[] first = new int[stored];
        int[] end = new int[stored];
        for (int row = 0; row < stored; row++) {
            long from = plane + (long) row * cols;
            first[row] = cols;
            for (int col = 0; col < cols; col++) {
                float value = tensor.floatAt(from + col);
                if (Float.isNaN(value) || value == Float.POSITIVE_INFINITY) {
                    throw new BadInputException(
                            String.format(
                                    Locale.ROOT,
                                    "%s: %s %s has %s at (%d, %d, %d); expected numbers, and"
                                            + " -Infinity where a key is hidden.",
                                    file,
                                    tensor.label(),
                                    tensor.shapeText(),
                                    value,
                                    tensor.dim(0) == 1 ? 0 : head,
                                    row,
                                    col));
                }
                if (value != MASKED) {
                    first[row] = Math.min(first[row], col);
                    end[row] = col + 1;
                }
            }
            first[row] = Math.min(first[row], end[row]);
        }
        boolean causal = stored == rows;
        for (int row = 0; row < stored && causal; row++) {
            causal = end[row] == row + cols - rows + 1;
        }
        return new TensorMask(tensor, plane, stored == 1 ? 0 : cols, first, end, causal);
    }

    @Override
    public int firstKey(int row) {
        return first[first.length == 1 ? 0 : row];
    }

    @Override
    public int endKey(int row) {
        return end[end.length == 1 ? 0 : row];
    }

    @Override
    public boolean unbiased() {
        return false;
    }

    @Override
    public float bias(int row, int col) {
        return tensor.floatAt(plane + row * rowStride + col);
    }

    @Override
    public boolean causal() {
        return causal;
    }
}
