package org.headlight.engine.model;

import ai.onnxruntime.OnnxTensor;

import org.headlight.engine.attention.AttentionSite;

import java.util.Arrays;
import java.util.Locale;

/**
 * Sizes of one attention site in one run.
 *
 * @param rows queries, N
 * @param keys keys, M
 * @param heads query heads, H
 * @param queryDim width of a query, D
 * @param keyHeads heads of the captured keys, KV
 * @param valueHeads heads of the captured values
 * @param valueDim width of a value, Dv
 */
record SiteSizes(
        int rows, int keys, int heads, int queryDim, int keyHeads, int valueHeads, int valueDim) {

    /** A tensor's shape as [heads, rows, cols]. */
    record Shape(int heads, int rows, int cols) {
        Shape transposed() {
            return new Shape(heads, cols, rows);
        }

        int cells() {
            return Math.multiplyExact(heads, Math.multiplyExact(rows, cols));
        }
    }

    /**
     * Reads the shape of queries, keys or values. Axes between the batch and the tokens, such as
     * those of KV heads and of the query heads that share them, are heads together.
     *
     * @param what such as "queries", for messages
     * @throws SiteFailure when the batch is not 1
     */
    static Shape shape(String node, String what, OnnxTensor tensor) {
        long[] dims = tensor.getInfo().getShape();
        int rank = dims.length;
        boolean single = rank == 2 || rank == 3 || (rank >= 4 && dims[0] == 1);
        if (!single) {
            throw several(node, what, dims);
        }
        long heads = 1;
        for (int i = 0; i < rank - 2; i++) {
            heads = Math.multiplyExact(heads, dims[i]);
        }
        return new Shape(
                Math.toIntExact(heads),
                Math.toIntExact(dims[rank - 2]),
                Math.toIntExact(dims[rank - 1]));
    }

    private static SiteFailure several(String node, String what, long[] dims) {
        String shape = "its " + what + " have the shape " + Arrays.toString(dims);
        String clause =
                shape
                        + "; expected [1, heads, tokens, width] or [heads, tokens, width], so give"
                        + " the model one input at a time";
        if (dims.length < 4) {
            return new SiteFailure(node, clause);
        }
        return new SiteFailure(
                node,
                clause,
                String.format(
                        Locale.ROOT,
                        "it attends within each of %,d windows of %,d tokens (%s), so that there is"
                                + " no one map to show; a model whose tokens all attend to one"
                                + " another was expected",
                        dims[0],
                        dims[dims.length - 2],
                        shape));
    }

    /** The shape of keys, [heads, keys, width], however they are laid out. */
    static Shape keyShape(AttentionSite site, OnnxTensor key) {
        Shape shape = shape(site.node(), "keys", key);
        return site.keyLayout() == AttentionSite.KeyLayout.TRANSPOSED ? shape.transposed() : shape;
    }

    /**
     * The sizes of a run.
     *
     * @throws SiteFailure when the three do not belong together
     */
    static SiteSizes of(AttentionSite site, OnnxTensor query, OnnxTensor key, OnnxTensor value) {
        Shape q = shape(site.node(), "queries", query);
        Shape k = keyShape(site, key);
        Shape v = shape(site.node(), "values", value);
        if (q.cols() != k.cols()
                || k.rows() != v.rows()
                || q.heads() % k.heads() != 0
                || q.heads() % v.heads() != 0) {
            throw new SiteFailure(
                    site.node(),
                    "its queries, keys and values have the shapes "
                            + Arrays.toString(query.getInfo().getShape())
                            + ", "
                            + Arrays.toString(key.getInfo().getShape())
                            + " and "
                            + Arrays.toString(value.getInfo().getShape())
                            + ", which do not belong together; expected [1, heads, tokens, width]"
                            + " each");
        }
        return new SiteSizes(
                q.rows(), k.rows(), q.heads(), q.cols(), k.heads(), v.heads(), v.cols());
    }

    /** The same site in a run over so many tokens. */
    SiteSizes withTokens(int tokens) {
        return new SiteSizes(tokens, tokens, heads, queryDim, keyHeads, valueHeads, valueDim);
    }

    long queryFloats() {
        return (long) heads * rows * queryDim;
    }

    long keyFloats() {
        return (long) keyHeads * keys * queryDim;
    }

    long valueFloats() {
        return (long) valueHeads * keys * valueDim;
    }
}
