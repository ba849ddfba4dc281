package org.headlight.engine.dump;

import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.capture.RelativeMask;
import org.headlight.engine.problem.BadInputException;

import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;

/** Makes the masks of a site out of the rule that a capture names, and its tensors. */
final class MaskTensors {
    /** Finds a tensor of floats, or says what is wrong with it. */
    interface Floats {
        Tensor tensor(String name, String expected, int rank);
    }

    private final String file;
    private final TensorFile tensors;
    private final Floats floats;

    MaskTensors(String file, TensorFile tensors, Floats floats) {
        this.file = file;
        this.tensors = tensors;
        this.floats = floats;
    }

    /** The mask of each head of a site. */
    IntFunction<AttentionMask> of(CaptureHeader.Site header, int heads, int rows, int cols) {
        return switch (header.mask()) {
            case MaskRule.Full() -> constant(AttentionMask.full(cols));
            case MaskRule.Causal(int offset) -> constant(AttentionMask.causal(offset));
            case MaskRule.Window(int offset, int width) ->
                    constant(AttentionMask.window(offset, width));
            case MaskRule.Spans() -> constant(spans(header.prefix() + "spans", rows, cols));
            case MaskRule.Distances() -> distances(header.prefix(), heads, rows, cols);
            case MaskRule.Explicit() -> explicit(header.prefix() + "mask", heads, rows, cols);
        };
    }

    private IntFunction<AttentionMask> distances(String prefix, int heads, int rows, int cols) {
        AttentionMask seen = spans(prefix + "spans", rows, cols);
        int[] first = new int[rows];
        int[] end = new int[rows];
        for (int row = 0; row < rows; row++) {
            first[row] = seen.firstKey(row);
            end[row] = seen.endKey(row);
        }
        Tensor tensor = floats.tensor(prefix + "distances", "[H, N + M - 1]", 2);
        int count = rows + cols - 1;
        if (tensor.dim(0) != heads || tensor.dim(1) != count) {
            throw new BadInputException(
                    String.format(
                            Locale.ROOT,
                            "%s: %s has the shape %s; expected [%d, %d].",
                            file,
                            tensor.label(),
                            tensor.shapeText(),
                            heads,
                            count));
        }
        return head -> {
            float[] byDistance = new float[count];
            tensor.matrix().copyRows(head, head + 1, byDistance, 0);
            for (float bias : byDistance) {
                if (!Float.isFinite(bias)) {
                    throw new BadInputException(
                            String.format(
                                    Locale.ROOT,
                                    "%s: %s has %s for head %d; expected finite numbers.",
                                    file,
                                    tensor.label(),
                                    bias,
                                    head));
                }
            }
            return new RelativeMask(first, end, byDistance);
        };
    }

    private static IntFunction<AttentionMask> constant(AttentionMask mask) {
        return head -> mask;
    }

    private AttentionMask spans(String name, int rows, int cols) {
        Tensor tensor = tensors.tensors().get(name);
        if (tensor == null || !tensor.shape().equals(List.of((long) rows, 2L))) {
            throw new BadInputException(
                    String.format(
                            Locale.ROOT,
                            "%s: \"%s\" is missing or misshapen; expected whole numbers [%d, 2].",
                            file,
                            name,
                            rows));
        }
        int[] first = new int[rows];
        int[] end = new int[rows];
        boolean causal = true;
        for (int row = 0; row < rows; row++) {
            first[row] = (int) tensor.longAt(2L * row);
            end[row] = (int) tensor.longAt(2L * row + 1);
            causal &= end[row] == row + cols - rows + 1;
            if (first[row] < 0 || first[row] > end[row] || end[row] > cols) {
                throw new BadInputException(
                        String.format(
                                Locale.ROOT,
                                "%s: \"%s\" gives query %d the keys %d to %d; expected a run inside"
                                        + " 0 to %d.",
                                file,
                                name,
                                row,
                                first[row],
                                end[row],
                                cols));
            }
        }
        return new SpanMask(row -> first[row], row -> end[row], causal);
    }

    private IntFunction<AttentionMask> explicit(String name, int heads, int rows, int cols) {
        Tensor mask = floats.tensor(name, "[H or 1, N or 1, M]", 3);
        if ((mask.dim(0) != 1 && mask.dim(0) != heads)
                || (mask.dim(1) != 1 && mask.dim(1) != rows)
                || mask.dim(2) != cols) {
            throw new BadInputException(
                    String.format(
                            Locale.ROOT,
                            "%s: %s %s does not fit its map; expected [%d or 1, %d or 1, %d].",
                            file,
                            mask.label(),
                            mask.shapeText(),
                            heads,
                            rows,
                            cols));
        }
        if (mask.dim(0) == 1) {
            return constant(TensorMask.of(file, mask, 0, rows));
        }
        return head -> TensorMask.of(file, mask, head, rows);
    }
}
