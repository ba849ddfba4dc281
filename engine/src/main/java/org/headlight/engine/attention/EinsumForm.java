package org.headlight.engine.attention;

import org.headlight.engine.attention.AttentionSite.Context;
import org.headlight.engine.attention.AttentionSite.KeyLayout;
import org.headlight.engine.onnx.Attributes;
import org.headlight.engine.onnx.proto.Onnx.NodeProto;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The equation of an Einsum of two tensors, such as {@code bhqd,bhkd->bhqk}, read as a product of
 * attention. Where its tensors have positions before heads, as in {@code bqhd,bkhd->bhqk}, nodes
 * are added that bring them into the order of a MatMul.
 *
 * @param node the node's name, for what cannot be read
 * @param inputs the two tensors
 * @param first letters of the first input
 * @param second letters of the second input
 * @param result letters of the result
 */
record EinsumForm(String node, List<String> inputs, String first, String second, String result) {
    private static final Pattern EQUATION = Pattern.compile("([A-Za-z]+),([A-Za-z]+)->([A-Za-z]+)");

    static EinsumForm of(NodeProto node) throws UnknownFormException {
        String equation = Attributes.of(node).text("equation").replace(" ", "");
        Matcher matcher = EQUATION.matcher(equation);
        if (!matcher.matches() || matcher.group(3).length() < 3) {
            throw refuse(Ops.label(node), equation);
        }
        return new EinsumForm(
                Ops.label(node),
                List.copyOf(node.getInputList()),
                matcher.group(1),
                matcher.group(2),
                matcher.group(3));
    }

    private EinsumForm swapped() {
        return new EinsumForm(node, inputs.reversed(), second, first, result);
    }

    /** The product of queries and keys whose result is [.., N, M]. */
    Product scores(SideBranch added) throws UnknownFormException {
        char row = result.charAt(result.length() - 2);
        char column = result.charAt(result.length() - 1);
        if (first.indexOf(row) < 0) {
            if (second.indexOf(row) < 0) {
                throw refuse(node, equation());
            }
            return swapped().scores(added);
        }
        String batch = result.substring(0, result.length() - 2);
        char depth = only(first, result);
        boolean product = second.indexOf(depth) >= 0 && second.indexOf(row) < 0;
        if (!product || first.indexOf(column) >= 0 || depth != only(second, result)) {
            throw refuse(node, equation());
        }
        String query = moved(inputs.getFirst(), first, batch + row + depth, added);
        String heads = shared(batch, second);
        if (second.equals(heads + depth + column)) {
            return new Product(query, inputs.getLast(), KeyLayout.TRANSPOSED, List.of());
        }
        String key = moved(inputs.getLast(), second, heads + column + depth, added);
        return new Product(query, key, KeyLayout.ROWS, List.of());
    }

    /**
     * The values that probabilities [.., N, M] are multiplied with.
     *
     * @param probabilities which of the two inputs they are
     */
    Product.Weighted values(int probabilities, SideBranch added) throws UnknownFormException {
        if (probabilities == 1) {
            return swapped().values(0, added);
        }
        if (first.length() < 3) {
            throw refuse(node, equation());
        }
        String batch = first.substring(0, first.length() - 2);
        char row = first.charAt(first.length() - 2);
        char column = first.charAt(first.length() - 1);
        char width = only(second, first);
        if (second.indexOf(column) < 0 || result.indexOf(column) >= 0 || second.indexOf(row) >= 0) {
            throw refuse(node, equation());
        }
        String heads = shared(batch, second);
        String values = moved(inputs.getLast(), second, heads + column + width, added);
        if (result.equals(batch + row + width)) {
            return new Product.Weighted(values, Context.Layout.HEADS);
        }
        if (result.equals(batch.substring(0, 1) + row + batch.substring(1) + width)) {
            return new Product.Weighted(values, Context.Layout.POSITIONS);
        }
        throw refuse(node, equation());
    }

    /** The one letter that the others do not have. */
    private char only(String letters, String others) throws UnknownFormException {
        String left =
                letters.chars()
                        .filter(letter -> others.indexOf(letter) < 0)
                        .collect(
                                StringBuilder::new,
                                StringBuilder::appendCodePoint,
                                StringBuilder::append)
                        .toString();
        if (left.length() != 1) {
            throw refuse(node, equation());
        }
        return left.charAt(0);
    }

    /**
     * The first letters of a batch that a tensor has; it may lack the last ones, those of groups.
     */
    private String shared(String batch, String letters) throws UnknownFormException {
        int count = 0;
        while (count < batch.length() && letters.indexOf(batch.charAt(count)) >= 0) {
            count++;
        }
        if (letters.length() != count + 2) {
            throw refuse(node, equation());
        }
        return batch.substring(0, count);
    }

    private String moved(String tensor, String from, String to, SideBranch added)
            throws UnknownFormException {
        if (from.equals(to)) {
            return tensor;
        }
        long[] perm = new long[to.length()];
        for (int i = 0; i < perm.length; i++) {
            perm[i] = from.indexOf(to.charAt(i));
            if (perm[i] < 0 || from.length() != to.length()) {
                throw refuse(node, equation());
            }
        }
        return added.node("Transpose", List.of(tensor), "perm", perm);
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
                        + "'; a product as in 'bhqd,bhkd->bhqk' and then 'bhqk,bhkd->bhqd' was"
                        + " expected.");
    }
}
