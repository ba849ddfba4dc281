package org.headlight.engine.attention;

import org.headlight.engine.attention.AttentionSite.Context;
import org.headlight.engine.attention.AttentionSite.KeyLayout;
import org.headlight.engine.attention.AttentionSite.ScaleFactor;
import org.headlight.engine.onnx.Attributes;
import org.headlight.engine.onnx.proto.Onnx.NodeProto;

import java.util.List;

/**
 * A product of queries and keys.
 *
 * @param query the queries, [.., N, D]
 * @param key the keys
 * @param layout how the keys are laid out
 * @param scale a factor that the product itself applies
 */
record Product(String query, String key, KeyLayout layout, List<ScaleFactor> scale) {

    /**
     * What probabilities are multiplied with.
     *
     * @param values [.., M, Dv]
     * @param context how the result is laid out
     */
    record Weighted(String values, Context.Layout context) {}

    /** Reads a node whose result is scores. */
    static Product ofScores(NodeProto node, SideBranch added) throws UnknownFormException {
        if (node.getOpType().equals("Einsum")) {
            return EinsumForm.of(node).scores(added);
        }
        String query = node.getInput(0);
        String key = node.getInput(1);
        if (!node.getOpType().equals("FusedMatMul")) {
            return new Product(query, key, KeyLayout.TRANSPOSED, List.of());
        }
        Attributes attributes = Attributes.of(node);
        requirePlain(node, attributes);
        float alpha = attributes.number("alpha", 1);
        return new Product(
                query,
                key,
                attributes.integer("transB", 0) == 0 ? KeyLayout.TRANSPOSED : KeyLayout.ROWS,
                alpha == 1 ? List.of() : List.of(new ScaleFactor(alpha, null, false)));
    }

    /**
     * Reads a node that multiplies probabilities with values.
     *
     * @param probabilities which of its inputs they are
     */
    static Weighted weighted(NodeProto node, int probabilities, SideBranch added)
            throws UnknownFormException {
        if (node.getOpType().equals("Einsum")) {
            return EinsumForm.of(node).values(probabilities, added);
        }
        if (node.getOpType().equals("FusedMatMul")) {
            Attributes attributes = Attributes.of(node);
            requirePlain(node, attributes);
            if (attributes.integer("transB", 0) != 0) {
                throw new UnknownFormException(
                        "Its values are transposed inside " + Ops.label(node) + ".");
            }
        }
        return new Weighted(node.getInput(1), Context.Layout.HEADS);
    }

    private static void requirePlain(NodeProto node, Attributes attributes)
            throws UnknownFormException {
        for (String name : List.of("transA", "transBatchA", "transBatchB")) {
            if (attributes.integer(name, 0) != 0) {
                throw new UnknownFormException(
                        "The product " + Ops.label(node) + " moves axes inside (" + name + ").");
            }
        }
    }
}
