package org.headlight.engine.attention;

import org.headlight.engine.onnx.GraphIndex;
import org.headlight.engine.onnx.proto.Onnx.NodeProto;
import org.jspecify.annotations.Nullable;

/** The way from a softmax on to the product of probabilities and values. */
final class ValuePath {
    private static final int MAX_STEPS = 12;

    private final GraphIndex index;
    private final Weights weights;

    ValuePath(GraphIndex index, Weights weights) {
        this.index = index;
        this.weights = weights;
    }

    /**
     * What was found.
     *
     * @param probabilities the last tensor that still has the softmax's own precision and shape
     * @param values the tensor that the probabilities are multiplied with
     * @param context the product
     */
    record Values(String probabilities, String values, String context) {}

    /** Follows the result of a softmax. */
    Values walk(String softmax) throws UnknownFormException {
        String at = softmax;
        String probabilities = softmax;
        boolean changed = false;
        for (int step = 0; step < MAX_STEPS; step++) {
            NodeProto product = product(at);
            if (product != null) {
                return new Values(probabilities, Product.values(product), product.getOutput(0));
            }
            NodeProto next = passing(at);
            changed |= !next.getOpType().equals("Where") && !same(next);
            at = next.getOutput(0);
            probabilities = changed ? probabilities : at;
        }
        throw new UnknownFormException("Its values are more than " + MAX_STEPS + " steps away.");
    }

    private static boolean same(NodeProto node) {
        return node.getOpType().equals("Identity") || node.getOpType().equals("Dropout");
    }

    private @Nullable NodeProto product(String probabilities) {
        for (GraphIndex.Use use : index.uses(probabilities)) {
            if (use.input() == 0 && weights.isComputedProduct(use.node())) {
                return use.node();
            }
        }
        return null;
    }

    private NodeProto passing(String probabilities) throws UnknownFormException {
        String met = "nothing reads them";
        for (GraphIndex.Use use : index.uses(probabilities)) {
            NodeProto node = use.node();
            if (use.input() < 0) {
                continue;
            }
            String op = node.getOpType();
            boolean passes = Ops.PASSING.contains(op) || Ops.VIEWS.contains(op);
            if ((passes && use.input() == 0) || guardsNaN(node, use, probabilities)) {
                return node;
            }
            if (!op.equals("IsNaN") && !Ops.SIZES.contains(op)) {
                met = op + " (" + Ops.label(node) + ") follows";
            }
        }
        throw new UnknownFormException(
                "Its probabilities were expected to meet the values in a MatMul, but " + met + ".");
    }

    /** Rows that see no key at all give NaN, which some exports turn into 0. */
    private boolean guardsNaN(NodeProto node, GraphIndex.Use use, String probabilities) {
        if (!node.getOpType().equals("Where") || use.input() != 2) {
            return false;
        }
        NodeProto condition = index.producer(node.getInput(0));
        return condition != null
                && condition.getOpType().equals("IsNaN")
                && condition.getInput(0).equals(probabilities);
    }
}
