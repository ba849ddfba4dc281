package org.headlight.engine.attention;

import org.headlight.engine.attention.AttentionSite.KeyLayout;
import org.headlight.engine.onnx.Attributes;
import org.headlight.engine.onnx.proto.Onnx.NodeProto;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The equation of an Einsum of two tensors, such as {@code bhqd,bhkd->bhqk}.
 *
 * @param node the node's name, for what cannot be read
 * @param first letters of the first input
 * @param second letters of the second input
 * @param result letters of the result
 */
record EinsumForm(String node, String first, String second, String result) {
    private static final Pattern EQUATION = Pattern.compile("([A-Za-z]+),([A-Za-z]+)->([A-Za-z]+)");

    static EinsumForm of(NodeProto node) throws UnknownFormException {
        String equation = Attributes.of(node).text("equation").replace(" ", "");
        Matcher matcher = EQUATION.matcher(equation);
        if (!matcher.matches() || matcher.group(3).length() < 3) {
            throw refuse(Ops.label(node), equation);
        }
        return new EinsumForm(
                Ops.label(node), matcher.group(1), matcher.group(2), matcher.group(3));
    }

    /** The layout of the keys in a product of queries [.., N, D] with keys. */
    KeyLayout scores() throws UnknownFormException {
        String batch = result.substring(0, result.length() - 2);
        char row = result.charAt(result.length() - 2);
        char column = result.charAt(result.length() - 1);
        char depth = first.charAt(first.length() - 1);
        if (first.equals(batch + row + depth) && result.indexOf(depth) < 0) {
            if (second.equals(batch + column + depth)) {
                return KeyLayout.ROWS;
            }
            if (second.equals(batch + depth + column)) {
                return KeyLayout.TRANSPOSED;
            }
        }
        throw refuse(node, equation());
    }

    /** Accepts a product of probabilities [.., N, M] with values [.., M, Dv]. */
    void requireValues() throws UnknownFormException {
        if (first.length() < 3) {
            throw refuse(node, equation());
        }
        String batch = first.substring(0, first.length() - 2);
        char column = first.charAt(first.length() - 1);
        char width = second.charAt(second.length() - 1);
        if (!second.equals(batch + column + width) || first.indexOf(width) >= 0) {
            throw refuse(node, equation());
        }
    }

    private String equation() {
        return first + "," + second + "->" + result;
    }

    private static UnknownFormException refuse(String node, String equation) {
        return new UnknownFormException(
                "The Einsum "
                        + node
                        + " multiplies as '"
                        + equation
                        + "'; heads before positions, as in 'bhqd,bhkd->bhqk', were expected.");
    }
}
