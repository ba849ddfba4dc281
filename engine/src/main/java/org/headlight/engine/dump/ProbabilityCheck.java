package org.headlight.engine.dump;

import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.matrix.Matrix;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.task.Progress;

import java.util.Locale;

/**
 * Looks once at every number of a dumped map: probabilities are not NaN, not negative, and sum to 1
 * in each row.
 */
final class ProbabilityCheck {
    private static final int MAX_BLOCK = 1 << 18;

    private final String file;
    private final Tensor tensor;

    ProbabilityCheck(String file, Tensor tensor) {
        this.file = file;
        this.tensor = tensor;
    }

    /**
     * Checks one map.
     *
     * @param at where the map lies in the tensor, as {@code "2, "} for the head 2 of [H, N, M]
     * @return causal when there is nothing above the diagonal, otherwise full
     */
    AttentionMask check(Matrix p, String at, Progress progress) {
        int rows = p.rows();
        int cols = p.cols();
        int offset = cols - rows;
        int step = Math.max(1, Math.min(rows, MAX_BLOCK / cols));
        float[] block = new float[Math.multiplyExact(step, cols)];
        boolean causal = offset >= 0 && rows > 1;
        for (int row0 = 0; row0 < rows; row0 += step) {
            progress.check();
            int row1 = Math.min(rows, row0 + step);
            p.copyRows(row0, row1, block, 0);
            for (int row = row0; row < row1; row++) {
                int start = (row - row0) * cols;
                row(block, start, cols, at + row);
                causal = causal && empty(block, start + row + offset + 1, start + cols);
            }
        }
        return causal ? AttentionMask.causal(offset) : AttentionMask.full(cols);
    }

    private void row(float[] block, int start, int cols, String at) {
        double sum = 0;
        for (int col = 0; col < cols; col++) {
            float value = block[start + col];
            if (!(value >= 0)) {
                throw new BadInputException(
                        String.format(
                                Locale.ROOT,
                                "%s: %s %s has %s at (%s, %d); expected attention probabilities,"
                                        + " from 0 to 1: save the attention after its softmax.",
                                file,
                                tensor.label(),
                                tensor.shapeText(),
                                value,
                                at,
                                col));
            }
            sum += value;
        }
        if (!(Math.abs(sum - 1) <= tensor.type().sumTolerance())) {
            throw new BadInputException(
                    String.format(
                            Locale.ROOT,
                            "%s: %s %s has a row (%s) that sums to %s; expected 1 in each row: save"
                                    + " the attention after its softmax, without dropout.",
                            file,
                            tensor.label(),
                            tensor.shapeText(),
                            at,
                            Numbers.plain(sum)));
        }
    }

    private static boolean empty(float[] block, int from, int to) {
        for (int i = from; i < to; i++) {
            if (block[i] != 0) {
                return false;
            }
        }
        return true;
    }
}
