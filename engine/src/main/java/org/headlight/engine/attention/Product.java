package org.headlight.engine.attention;

import org.headlight.engine.attention.AttentionSite.KeyLayout;
import org.headlight.engine.attention.AttentionSite.ScaleFactor;
import org.headlight.engine.onnx.Attributes;
import org.headlight.engine.onnx.proto.Onnx.NodeProto;

import java.util.List;

/**
 * A product of queries and keys.
 *
 * @param query its first input, [.., N, D]
 * @param key its second input
 * @param layout how the second input is laid out
 * @param scale a factor that the product itself applies
 */
record Product(String query, String key, KeyLayout layout, List<ScaleFactor> scale) {

    /** Reads a node whose result is scores. */
    static Product ofScores(NodeProto node) throws UnknownFormException {
        String query = node.getInput(0);
        String key = node.getInput(1);
        if (node.getOpType().equals("Einsum")) {
            KeyLayout layout = EinsumForm.of(node).scores();
            return new Product(query, key, layout, List.of());
        }
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

    /** The values that a node multiplies probabilities with, [.., M, Dv]. */
    static String values(NodeProto node) throws UnknownFormException {
        if (node.getOpType().equals("Einsum")) {
            EinsumForm.of(node).requireValues();
        } else if (node.getOpType().equals("FusedMatMul")) {
            Attributes attributes = Attributes.of(node);
            requirePlain(node, attributes);
            if (attributes.integer("transB", 0) != 0) {
                throw new UnknownFormException(
                        "Its values are transposed inside " + Ops.label(node) + ".");
            }
        }
        return node.getInput(1);
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
