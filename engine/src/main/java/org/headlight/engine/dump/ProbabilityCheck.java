package org.headlight.engine.dump;

import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.capture.MaskReader;
import org.headlight.engine.capture.ProbabilityHead;
import org.headlight.engine.matrix.Matrix;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.task.Progress;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Looks once at every number of a dumped map: probabilities are not negative, and sum to 1 in each
 * row. NaN before the first and after the last number of a row marks keys that the query does not
 * see, as the maps do that this program writes; anywhere else it is refused, and so is a row of
 * nothing else.
 */
final class ProbabilityCheck {
    private static final int MAX_BLOCK = 1 << 18;

    private final String file;
    private final Tensor tensor;

    ProbabilityCheck(String file, Tensor tensor) {
        this.file = file;
        this.tensor = tensor;
    }

    /** Where a map comes from, and with it what may be read off it besides probabilities. */
    private enum Origin {
        /** A capture, which knows its mask: no NaN. */
        OWN,
        /** Self-attention of a dump: NaN and zeros above the diagonal draw its mask. */
        SELF,
        /** Cross-attention of a dump: NaN draws its mask. */
        CROSS
    }

    /**
     * Checks one map of a capture, whose mask is known: there is no NaN in it.
     *
     * @param at as for {@link #self}
     */
    void own(Matrix p, String at, Progress progress) {
        new Look(p, at, Origin.OWN).head(progress);
    }

    /**
     * Checks one map of self-attention.
     *
     * @param p as it lies in the file, [N, M]
     * @param at where the map lies in the tensor, as {@code "2, "} for the head 2 of [H, N, M]
     * @return its probabilities under the mask that NaN draws; without NaN, causal when there is
     *     nothing above the diagonal (a map of one cell is, one row over more keys is not),
     *     otherwise full
     */
    ProbabilityHead self(Matrix p, String at, Progress progress) {
        return new Look(p, at, Origin.SELF).head(progress);
    }

    /** {@link #self} of cross-attention, where zeros above the diagonal are no mask. */
    ProbabilityHead cross(Matrix p, String at, Progress progress) {
        return new Look(p, at, Origin.CROSS).head(progress);
    }

    /** One map. */
    private final class Look {
        private final Matrix p;
        private final String at;
        private final Origin origin;
        private final int cols;
        private final int[] first;
        private final int[] end;

        Look(Matrix p, String at, Origin origin) {
            this.p = p;
            this.at = at;
            this.origin = origin;
            this.cols = p.cols();
            this.first = new int[p.rows()];
            this.end = new int[p.rows()];
        }

        ProbabilityHead head(Progress progress) {
            int rows = p.rows();
            int offset = cols - rows;
            int step = Math.max(1, Math.min(rows, MAX_BLOCK / cols));
            float[] block = new float[Math.multiplyExact(step, cols)];
            boolean causal = origin == Origin.SELF && offset >= 0 && (rows > 1 || cols == 1);
            for (int row0 = 0; row0 < rows; row0 += step) {
                progress.check();
                int row1 = Math.min(rows, row0 + step);
                p.copyRows(row0, row1, block, 0);
                for (int row = row0; row < row1; row++) {
                    int start = (row - row0) * cols;
                    seen(row, block, start);
                    numbers(row, block, start);
                    int from = Math.min(cols, row + offset + 1);
                    causal = causal && empty(block, start + from, start + end[row]);
                }
            }
            boolean whole =
                    Arrays.stream(first).allMatch(f -> f == 0)
                            && Arrays.stream(end).allMatch(e -> e == cols);
            if (whole) {
                return new ProbabilityHead(
                        p, causal ? AttentionMask.causal(offset) : AttentionMask.full(cols));
            }
            for (int row = 0; row < rows && causal; row++) {
                end[row] = Math.min(end[row], row + offset + 1);
            }
            AttentionMask mask = new MaskReader(List.of(), first, end, cols).read(1).getFirst();
            return new ProbabilityHead(new NanAsZero(p), mask);
        }

        /** Finds the first and the last number of a row. */
        private void seen(int row, float[] block, int start) {
            end[row] = cols;
            if (origin == Origin.OWN) {
                return;
            }
            int from = 0;
            while (from < cols && Float.isNaN(block[start + from])) {
                from++;
            }
            if (from == cols) {
                throw new BadInputException(
                        String.format(
                                Locale.ROOT,
                                "%s: %s %s has a row (%s) of NaN alone, which says that its query"
                                        + " sees no key; expected a sum of 1 in each row: leave"
                                        + " such rows out.",
                                file,
                                tensor.label(),
                                tensor.shapeText(),
                                at + row));
            }
            int to = cols;
            while (Float.isNaN(block[start + to - 1])) {
                to--;
            }
            first[row] = from;
            end[row] = to;
        }

        private void numbers(int row, float[] block, int start) {
            double sum = 0;
            for (int col = first[row]; col < end[row]; col++) {
                float value = block[start + col];
                if (!(value >= 0)) {
                    throw new BadInputException(
                            String.format(
                                    Locale.ROOT,
                                    "%s: %s %s has %s at (%s, %d); expected attention"
                                            + " probabilities, from 0 to 1: save the attention"
                                            + " after its softmax.",
                                    file,
                                    tensor.label(),
                                    tensor.shapeText(),
                                    value,
                                    at + row,
                                    col));
                }
                sum += value;
            }
            if (!(Math.abs(sum - 1) <= tensor.type().sumTolerance())) {
                throw new BadInputException(
                        String.format(
                                Locale.ROOT,
                                "%s: %s %s has a row (%s) that sums to %s; expected 1 in each row:"
                                        + " save the attention after its softmax, without dropout.",
                                file,
                                tensor.label(),
                                tensor.shapeText(),
                                at + row,
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
}
