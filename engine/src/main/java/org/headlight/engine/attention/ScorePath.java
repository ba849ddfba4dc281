package org.headlight.engine.attention;

import org.headlight.engine.attention.AttentionSite.MaskTerm;
import org.headlight.engine.attention.AttentionSite.ScaleFactor;
import org.headlight.engine.onnx.GraphIndex;
import org.headlight.engine.onnx.proto.Onnx.NodeProto;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The way from a softmax back to the product of queries and keys, with the scales and masks met on
 * it. One path is walked once.
 */
final class ScorePath {
    private static final int MAX_STEPS = 48;

    /** Below this, what a dropped score becomes leaves nothing of it after the softmax. */
    private static final double VANISHING = -1e9;

    /** Floors below this only guard against overflow of masks that were added before. */
    private static final double HARMLESS_FLOOR = -1e4;

    private final GraphIndex index;
    private final Reach reach;
    private final Weights weights;
    private final Scalars scalars;
    private final List<ScaleFactor> scale = new ArrayList<>();
    private final List<MaskTerm> masks = new ArrayList<>();

    ScorePath(GraphIndex index, Reach reach, Weights weights) {
        this.index = index;
        this.reach = reach;
        this.weights = weights;
        this.scalars = new Scalars(index);
    }

    /**
     * What was found, from the product on.
     *
     * @param product the queries and keys
     * @param scale factors, in the order they are applied
     * @param masks masks, in the order they are applied
     */
    record Scores(Product product, List<ScaleFactor> scale, List<MaskTerm> masks) {}

    /** Walks back from the input of a softmax. */
    Scores walk(String softmaxInput) throws UnknownFormException {
        String at = softmaxInput;
        for (int step = 0; step < MAX_STEPS; step++) {
            NodeProto node = index.producer(at);
            if (node == null) {
                throw new UnknownFormException("Its scores do not come from a product.");
            }
            if (weights.isComputedProduct(node)) {
                Product product = Product.ofScores(node);
                List<ScaleFactor> all = new ArrayList<>(product.scale());
                all.addAll(scale.reversed());
                return new Scores(product, all, List.copyOf(masks.reversed()));
            }
            at = before(node);
        }
        throw new UnknownFormException("Its scores are more than " + MAX_STEPS + " steps away.");
    }

    /** The scores that a node was given, after noting what the node does to them. */
    private String before(NodeProto node) throws UnknownFormException {
        String op = node.getOpType();
        if (node.getInputCount() > 0 && (Ops.PASSING.contains(op) || Ops.VIEWS.contains(op))) {
            return node.getInput(0);
        }
        return switch (op) {
            case "Add" -> added(node);
            case "Mul" -> multiplied(node);
            case "Div" -> divided(node);
            case "Where" -> selected(node);
            case "Max" -> floored(node);
            case "Tanh" ->
                    throw new UnknownFormException(
                            "Its scores go through a soft cap (Tanh "
                                    + Ops.label(node)
                                    + "), which is not read yet.");
            case "Concat" ->
                    throw new UnknownFormException(
                            "Columns without a key (sinks) are joined to its scores by "
                                    + Ops.label(node)
                                    + ", which is not read yet.");
            default ->
                    throw new UnknownFormException(
                            "Its scores go through the operator "
                                    + op
                                    + " ("
                                    + Ops.label(node)
                                    + "), which is not read.");
        };
    }

    private String added(NodeProto node) throws UnknownFormException {
        int side = scoreSide(node, 0, 1);
        String other = node.getInput(1 - side);
        if (scalars.uniform(other).isEmpty()) {
            if (!scale.isEmpty()) {
                throw new UnknownFormException(
                        "A scale is applied after the mask that " + Ops.label(node) + " adds.");
            }
            masks.add(new MaskTerm(MaskTerm.Kind.ADD, other, 0));
        }
        return node.getInput(side);
    }

    private String multiplied(NodeProto node) throws UnknownFormException {
        int side = scoreSide(node, 0, 1);
        scale.add(factor(node, node.getInput(1 - side), false));
        return node.getInput(side);
    }

    private String divided(NodeProto node) throws UnknownFormException {
        scale.add(factor(node, node.getInput(1), true));
        return node.getInput(0);
    }

    private ScaleFactor factor(NodeProto node, String tensor, boolean divide)
            throws UnknownFormException {
        Optional<ScaleFactor> factor = scalars.factor(tensor, divide);
        if (factor.isEmpty()) {
            throw new UnknownFormException(
                    "Its scores are "
                            + (divide ? "divided" : "multiplied")
                            + " by the tensor '"
                            + tensor
                            + "' in "
                            + Ops.label(node)
                            + "; a single number was expected.");
        }
        return factor.get();
    }

    private String selected(NodeProto node) throws UnknownFormException {
        int side = scoreSide(node, 1, 2);
        OptionalDouble fill = scalars.uniform(node.getInput(side == 1 ? 2 : 1));
        if (fill.isEmpty()) {
            throw new UnknownFormException(
                    "What "
                            + Ops.label(node)
                            + " puts in place of masked scores is no constant number.");
        }
        masks.add(
                new MaskTerm(
                        side == 1 ? MaskTerm.Kind.WHERE_KEEP : MaskTerm.Kind.WHERE_DROP,
                        node.getInput(0),
                        (float) scaledLater(fill.getAsDouble(), node)));
        return node.getInput(side);
    }

    /** A fill counts after the scales that are applied to it. */
    private double scaledLater(double fill, NodeProto node) throws UnknownFormException {
        double value = fill;
        for (ScaleFactor factor : scale) {
            Float constant = factor.constant();
            if (constant != null) {
                value = factor.divide() ? value / constant : value * constant;
            } else if (value > VANISHING) {
                throw new UnknownFormException(
                        "A scale that only a run knows is applied after the mask of "
                                + Ops.label(node)
                                + ".");
            }
        }
        return value;
    }

    private String floored(NodeProto node) throws UnknownFormException {
        int side = scoreSide(node, 0, 1);
        OptionalDouble floor = scalars.uniform(node.getInput(1 - side));
        if (floor.isEmpty() || floor.getAsDouble() > HARMLESS_FLOOR) {
            throw new UnknownFormException(
                    "Its scores are cut from below by " + Ops.label(node) + ".");
        }
        return node.getInput(side);
    }

    private int scoreSide(NodeProto node, int first, int second) throws UnknownFormException {
        if (node.getInputCount() <= second) {
            throw new UnknownFormException(
                    Ops.label(node) + " has " + node.getInputCount() + " inputs.");
        }
        boolean left = reach.comesFromProduct(node.getInput(first));
        boolean right = reach.comesFromProduct(node.getInput(second));
        if (left && right) {
            throw new UnknownFormException(
                    "Its scores are the sum of several products ("
                            + Ops.label(node)
                            + "), as with relative positions, which is not read yet.");
        }
        return left ? first : second;
    }
}
