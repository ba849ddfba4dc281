package org.headlight.engine.model;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;

import org.headlight.engine.attention.AttentionSite.MaskTerm;
import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.capture.MaskTermReader;

import java.util.Arrays;

/** Hands the tensor of a mask operation, chunk by chunk, to a reader. */
final class MaskTensor {
    private final MaskTerm term;
    private final String node;
    private final MaskTermReader reader = new MaskTermReader();
    private int cells;

    /**
     * @param node the attention node, for messages
     * @throws SiteFailure when it replaces scores by something that lets them through
     */
    MaskTensor(MaskTerm term, String node) {
        if (term.kind() != MaskTerm.Kind.ADD && !(term.fill() <= MaskTermReader.MASKED_FROM)) {
            throw new SiteFailure(
                    node,
                    "it replaces masked scores by "
                            + term.fill()
                            + ", which still lets them through; expected -10000 or less");
        }
        this.term = term;
        this.node = node;
    }

    MaskTermReader reader() {
        return reader;
    }

    /**
     * Takes the tensor of the next chunk.
     *
     * @param rows queries of the chunk
     * @param keys keys that the chunk's product covers
     * @throws SiteFailure when its shape does not fit the scores
     */
    void accept(OnnxTensor tensor, int heads, int rows, int keys) {
        long[] dims = tensor.getInfo().getShape();
        int rank = dims.length;
        int keyDim = dim(dims, rank - 1);
        int rowDim = dim(dims, rank - 2);
        int headDim = heads(dims);
        // An operator may be given a mask of fewer keys: those beyond it are hidden. (Written out,
        // such a product would not run.)
        boolean shorter = keyDim > 1 && keyDim < keys;
        boolean fits = (shorter || one(keyDim, keys)) && one(rowDim, rows) && one(headDim, heads);
        fits &= rank < 4 || dims[0] == 1;
        if (!fits) {
            throw misfit(dims, heads, rows, keys);
        }
        float[] values = TensorValues.floats(term.tensor(), tensor);
        selected(values, tensor.getInfo().type == OnnxJavaType.BOOL);
        if (shorter) {
            values = widened(values, keyDim, keys);
            keyDim = keys;
        }
        reader.accept(rows, keys, values, headDim, rowDim, keyDim);
        cells = rowDim > 1 && keyDim > 1 ? headDim : 0;
    }

    /**
     * Axes between the batch and the rows, such as KV heads and those that share them, are heads.
     */
    private static int heads(long[] dims) {
        long heads = 1;
        for (int i = dims.length > 3 ? 1 : 0; i < dims.length - 2; i++) {
            heads *= dims[i];
        }
        return Math.toIntExact(heads);
    }

    private static boolean one(int dim, int size) {
        return dim == 1 || dim == size;
    }

    private SiteFailure misfit(long[] dims, int heads, int rows, int keys) {
        return new SiteFailure(
                node,
                "its mask "
                        + term.tensor()
                        + " has the shape "
                        + Arrays.toString(dims)
                        + "; expected one that fits [1, "
                        + heads
                        + ", "
                        + rows
                        + ", "
                        + keys
                        + "]");
    }

    /** Turns a choice into what is added. Truth that is added can only mean a choice. */
    private void selected(float[] values, boolean truth) {
        if (term.kind() == MaskTerm.Kind.ADD && !truth) {
            return;
        }
        boolean keep = term.kind() != MaskTerm.Kind.WHERE_DROP;
        for (int i = 0; i < values.length; i++) {
            values[i] = (values[i] != 0) == keep ? 0 : AttentionMask.MASKED;
        }
    }

    private static float[] widened(float[] values, int from, int to) {
        float[] out = new float[Math.multiplyExact(values.length / from, to)];
        Arrays.fill(out, AttentionMask.MASKED);
        for (int at = 0; at < values.length / from; at++) {
            System.arraycopy(values, at * from, out, at * to, from);
        }
        return out;
    }

    /** Floats for each cell of one map that it was read into. */
    int cells() {
        return cells;
    }

    /** Floats for each cell of one map that are kept, because it is no rule. */
    int kept() {
        return reader.keepsCells() ? cells : 0;
    }

    private static int dim(long[] dims, int index) {
        return index < 0 ? 1 : Math.toIntExact(dims[index]);
    }
}
