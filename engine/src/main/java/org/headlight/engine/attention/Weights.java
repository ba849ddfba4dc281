package org.headlight.engine.attention;

import org.headlight.engine.onnx.GraphIndex;
import org.headlight.engine.onnx.proto.Onnx.NodeProto;

import java.util.Set;

/** Tells learned tensors from those that a run computes. */
final class Weights {
    private static final int MAX_DEPTH = 12;
    private static final Set<String> RESHAPING =
            Set.of(
                    "Transpose",
                    "Cast",
                    "Identity",
                    "DequantizeLinear",
                    "QuantizeLinear",
                    "Reshape",
                    "Squeeze",
                    "Unsqueeze",
                    "Expand",
                    "Slice",
                    "Split");
    private static final Set<String> MATHS = Set.of("Mul", "Div", "Add", "Sub");

    private final GraphIndex index;

    Weights(GraphIndex index) {
        this.index = index;
    }

    /** Whether a tensor is a weight, maybe under another shape or precision. */
    boolean isLearned(String tensor) {
        return isLearned(tensor, 0);
    }

    private boolean isLearned(String tensor, int depth) {
        if (index.isInitializer(tensor)) {
            return true;
        }
        NodeProto node = index.producer(tensor);
        if (node == null || depth > MAX_DEPTH) {
            return false;
        }
        String op = node.getOpType();
        if (op.equals("Constant")) {
            return true;
        }
        if (node.getInputCount() == 0) {
            return false;
        }
        if (RESHAPING.contains(op)) {
            return isLearned(node.getInput(0), depth + 1);
        }
        return MATHS.contains(op)
                && node.getInputList().stream().allMatch(input -> isLearned(input, depth + 1));
    }

    /** Whether a node is a product of two tensors that a run computes. */
    boolean isComputedProduct(NodeProto node) {
        return Ops.isProduct(node) && !isLearned(node.getInput(0)) && !isLearned(node.getInput(1));
    }
}
