package org.headlight.engine.attention;

import org.headlight.engine.onnx.GraphIndex;
import org.headlight.engine.onnx.proto.Onnx.NodeProto;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Whether scores come from a product of two computed tensors and whether probabilities go into one,
 * on ways that are wider than what is understood: this decides what is attention at all.
 */
final class Reach {
    private static final int MAX_TENSORS = 64;
    private static final Set<String> ON_THE_WAY =
            Set.of(
                    "Identity",
                    "Cast",
                    "Dropout",
                    "Reshape",
                    "Squeeze",
                    "Unsqueeze",
                    "Flatten",
                    "Transpose",
                    "Add",
                    "Sub",
                    "Mul",
                    "Div",
                    "Neg",
                    "Where",
                    "Tanh",
                    "Max",
                    "Min",
                    "Clip",
                    "Concat",
                    "Slice",
                    "Gather",
                    "Pad",
                    "Expand",
                    "Sum");

    private final GraphIndex index;
    private final Weights weights;
    private final Map<String, Boolean> fromProduct = new HashMap<>();

    Reach(GraphIndex index, Weights weights) {
        this.index = index;
        this.weights = weights;
    }

    /** Whether a tensor is made from a product of two computed tensors. */
    boolean comesFromProduct(String tensor) {
        Boolean known = fromProduct.get(tensor);
        if (known == null) {
            known = searchBack(tensor);
            fromProduct.put(tensor, known);
        }
        return known;
    }

    private boolean searchBack(String tensor) {
        Deque<String> open = new ArrayDeque<>(Set.of(tensor));
        Set<String> seen = new HashSet<>(open);
        while (!open.isEmpty() && seen.size() < MAX_TENSORS) {
            NodeProto node = index.producer(open.remove());
            if (node == null) {
                continue;
            }
            if (weights.isComputedProduct(node)) {
                return true;
            }
            if (ON_THE_WAY.contains(node.getOpType())) {
                for (String input : node.getInputList()) {
                    if (!input.isEmpty() && seen.add(input)) {
                        open.add(input);
                    }
                }
            }
        }
        return false;
    }

    /** Whether a tensor goes into a product with another computed tensor. */
    boolean goesIntoProduct(String tensor) {
        Deque<String> open = new ArrayDeque<>(Set.of(tensor));
        Set<String> seen = new HashSet<>(open);
        while (!open.isEmpty() && seen.size() < MAX_TENSORS) {
            for (GraphIndex.Use use : index.uses(open.remove())) {
                NodeProto node = use.node();
                if (weights.isComputedProduct(node)) {
                    return true;
                }
                if (use.input() >= 0
                        && ON_THE_WAY.contains(node.getOpType())
                        && node.getOutputCount() > 0
                        && seen.add(node.getOutput(0))) {
                    open.add(node.getOutput(0));
                }
            }
        }
        return false;
    }
}
