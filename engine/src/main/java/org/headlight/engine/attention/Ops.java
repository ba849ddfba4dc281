package org.headlight.engine.attention;

import org.headlight.engine.onnx.proto.Onnx.NodeProto;

import java.util.Set;

/** What kinds of operator there are on the ways that attention is traced along. */
final class Ops {
    /** Operators that hand their first input on, number by number. */
    static final Set<String> PASSING = Set.of("Identity", "Cast", "Dropout");

    /** Operators that hand the same numbers on under another shape. */
    static final Set<String> VIEWS = Set.of("Reshape", "Squeeze", "Unsqueeze", "Flatten");

    /** Operators whose result says how large their input is, and nothing of what is in it. */
    static final Set<String> SIZES = Set.of("Shape", "Size", "ConstantOfShape");

    private static final Set<String> PRODUCTS = Set.of("MatMul", "FusedMatMul", "Einsum");

    private Ops() {}

    /** Whether it is an operator of ONNX itself. */
    static boolean standard(NodeProto node) {
        return node.getDomain().isEmpty() || node.getDomain().equals("ai.onnx");
    }

    static boolean isProduct(NodeProto node) {
        return PRODUCTS.contains(node.getOpType()) && node.getInputCount() == 2;
    }

    /** The node's name, or that of its first output where it has none. */
    static String label(NodeProto node) {
        if (!node.getName().isEmpty()) {
            return node.getName();
        }
        return node.getOutputCount() > 0 && !node.getOutput(0).isEmpty()
                ? node.getOutput(0)
                : node.getOpType();
    }
}
