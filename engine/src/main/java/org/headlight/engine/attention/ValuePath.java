package org.headlight.engine.attention;

import org.headlight.engine.attention.AttentionSite.Context;
import org.headlight.engine.attention.AttentionSite.MaskTerm;
import org.headlight.engine.onnx.GraphIndex;
import org.headlight.engine.onnx.proto.Onnx.NodeProto;
import org.jspecify.annotations.Nullable;

import java.util.Objects;

/** The way from a softmax on to the product of probabilities and values. */
final class ValuePath {
    private static final int MAX_STEPS = 12;

    private final GraphIndex index;
    private final Weights weights;
    private final SideBranch added;
    private final ScorePath.Found scores;

    /**
     * @param scores what goes into the softmax
     * @param added receives nodes that make tensors which the graph does not have
     */
    ValuePath(GraphIndex index, Weights weights, SideBranch added, ScorePath.Found scores) {
        this.index = index;
        this.weights = weights;
        this.added = added;
        this.scores = scores;
    }

    /**
     * What was found.
     *
     * @param probabilities the last tensor that still has the softmax's own precision and shape,
     *     less a column of sink logits
     * @param values the tensor that the probabilities are multiplied with
     * @param context the product
     */
    record Values(String probabilities, String values, Context context) {}

    /** Follows the result of a softmax. */
    Values walk(String softmax) throws UnknownFormException {
        String at = softmax;
        String probabilities = softmax;
        boolean changed = false;
        boolean column = scores.column() != null;
        for (int step = 0; step < MAX_STEPS; step++) {
            GraphIndex.Use product = product(at);
            if (product != null && !column) {
                NodeProto node = product.node();
                Product.Weighted weighted = Product.weighted(node, product.input(), added);
                return new Values(
                        probabilities,
                        weighted.values(),
                        new Context(node.getOutput(0), weighted.context()));
            }
            NodeProto next = passing(at, column);
            boolean cut = next.getOpType().equals("Slice");
            column &= !cut;
            changed |= !cut && !next.getOpType().equals("Where") && !same(next);
            at = next.getOutput(0);
            // Without its column of sink logits, it has the shape that is looked for.
            probabilities = changed && !cut ? probabilities : at;
        }
        throw new UnknownFormException("Its values are more than " + MAX_STEPS + " steps away.");
    }

    private static boolean same(NodeProto node) {
        return node.getOpType().equals("Identity") || node.getOpType().equals("Dropout");
    }

    private GraphIndex.@Nullable Use product(String probabilities) {
        for (GraphIndex.Use use : index.uses(probabilities)) {
            NodeProto node = use.node();
            boolean side = use.input() == 0 || node.getOpType().equals("Einsum");
            if (use.input() >= 0 && side && weights.isComputedProduct(node)) {
                return use;
            }
        }
        return null;
    }

    private NodeProto passing(String probabilities, boolean column) throws UnknownFormException {
        String met = "nothing reads them";
        for (GraphIndex.Use use : index.uses(probabilities)) {
            NodeProto node = use.node();
            if (use.input() < 0) {
                continue;
            }
            String op = node.getOpType();
            boolean passes = Ops.PASSING.contains(op) || Ops.VIEWS.contains(op);
            if ((passes && use.input() == 0)
                    || guardsNaN(node, use, probabilities)
                    || hidesAgain(node, use)
                    || (column && use.input() == 0 && cutsColumn(node))) {
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

    /** What the scores' own mask hid becomes 0 once more, as in DeBERTa. */
    private boolean hidesAgain(NodeProto node, GraphIndex.Use use) {
        if (!node.getOpType().equals("Where") || use.input() == 0) {
            return false;
        }
        MaskTerm.Kind kind = use.input() == 1 ? MaskTerm.Kind.WHERE_KEEP : MaskTerm.Kind.WHERE_DROP;
        String other = node.getInput(use.input() == 1 ? 2 : 1);
        return new Scalars(index).uniform(other).orElse(1) == 0
                && scores.scores().mask().stream()
                        .anyMatch(term ->
                                term.kind() == kind && term.tensor().equals(node.getInput(0)));
    }

    /** Whether a node takes the column of sink logits away, and nothing else. */
    private boolean cutsColumn(NodeProto node) {
        if (!node.getOpType().equals("Slice") || node.getInputCount() < 4) {
            return false;
        }
        double from = number(node.getInput(1));
        double axis = number(node.getInput(3));
        double step = node.getInputCount() > 4 ? number(node.getInput(4)) : 1;
        double to = number(node.getInput(2));
        boolean lastAxis = axis == -1 || axis >= 2;
        boolean whole =
                Objects.equals(scores.column(), ScorePath.SinkColumn.LAST)
                        ? from == 0 && (to == -1 || Double.isNaN(to))
                        : from == 1 && (to >= Integer.MAX_VALUE || Double.isNaN(to));
        return lastAxis && step == 1 && whole;
    }

    private double number(String tensor) {
        double[] values = index.values(tensor);
        return values != null && values.length == 1 ? values[0] : Double.NaN;
    }
}
