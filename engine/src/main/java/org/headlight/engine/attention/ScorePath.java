package org.headlight.engine.attention;

import org.headlight.engine.attention.AttentionSite.MaskTerm;
import org.headlight.engine.attention.AttentionSite.ScaleFactor;
import org.headlight.engine.attention.AttentionSite.SinkTerm;
import org.headlight.engine.attention.AttentionSite.VisibleRule;
import org.headlight.engine.onnx.GraphIndex;
import org.headlight.engine.onnx.proto.Onnx.NodeProto;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The way from a softmax back to the product of queries and keys, with the scales, the soft cap,
 * the masks and the sink logits met on it. One path is walked once.
 */
final class ScorePath {
    private static final int MAX_STEPS = 48;

    /** Below this, what a dropped score becomes leaves nothing of it after the softmax. */
    private static final double VANISHING = -1e9;

    /** Limits beyond this only guard against overflow of masks that were added before. */
    private static final double HARMLESS = 1e4;

    private final GraphIndex index;
    private final Reach reach;
    private final Weights weights;
    private final SideBranch added;
    private final Scalars scalars;
    private final List<Factor> scale = new ArrayList<>();
    private final List<MaskTerm> masks = new ArrayList<>();
    private @Nullable SinkTerm sink;
    private boolean sinkLast = true;
    private float softcap;

    /** A factor and the tensor that holds it, in the type of the scores. */
    private record Factor(ScaleFactor factor, String tensor) {}

    /**
     * @param added receives nodes that make tensors which the graph does not have
     */
    ScorePath(GraphIndex index, Reach reach, Weights weights, SideBranch added) {
        this.index = index;
        this.reach = reach;
        this.weights = weights;
        this.added = added;
        this.scalars = new Scalars(index);
    }

    /**
     * What was found.
     *
     * @param product the queries and keys
     * @param scores what happens to their product
     * @param column where a column of sink logits stands beside the keys; null when there is none
     */
    record Found(Product product, AttentionSite.Scores scores, @Nullable SinkColumn column) {}

    /** Where a column of sink logits stands beside the keys. */
    enum SinkColumn {
        FIRST,
        LAST
    }

    /** Walks back from what goes into the softmax. */
    Found walk(Normalization softmax) throws UnknownFormException {
        sink = softmax.sink();
        String at = softmax.scores();
        for (int step = 0; step < MAX_STEPS; step++) {
            NodeProto node = index.producer(at);
            if (node == null) {
                throw new UnknownFormException("Its scores do not come from a product.");
            }
            if (weights.isComputedProduct(node)) {
                return found(Product.ofScores(node, added), softmax);
            }
            at = before(node);
        }
        throw new UnknownFormException("Its scores are more than " + MAX_STEPS + " steps away.");
    }

    private Found found(Product product, Normalization softmax) {
        List<ScaleFactor> factors = new ArrayList<>(product.scale());
        scale.reversed().forEach(factor -> factors.add(factor.factor));
        if (softcap > 0) {
            // k tanh(s x) caps at k what is k s x.
            factors.add(new ScaleFactor(softcap, null, false));
        }
        AttentionSite.Scores scores =
                new AttentionSite.Scores(factors, softcap, masks.reversed(), VisibleRule.ALL, sink);
        boolean joined = sink != null && softmax.sink() == null;
        return new Found(
                product, scores, joined ? (sinkLast ? SinkColumn.LAST : SinkColumn.FIRST) : null);
    }

    /** The scores that a node was given, after noting what the node does to them. */
    private String before(NodeProto node) throws UnknownFormException {
        String op = node.getOpType();
        if (node.getInputCount() > 0 && (Ops.PASSING.contains(op) || Ops.VIEWS.contains(op))) {
            return node.getInput(0);
        }
        return switch (op) {
            case "Add" -> added(node);
            case "Sub" -> subtracted(node);
            case "Mul" -> multiplied(node);
            case "Div" -> divided(node);
            case "Where" -> selected(node);
            case "Max", "Min", "Clip" -> limited(node);
            case "Tanh" -> capped(node);
            case "Concat" -> joined(node);
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
            requireBeforeCap(node, "A mask is added");
            masks.add(new MaskTerm(MaskTerm.Kind.ADD, scaled(other), 0));
        } else {
            requireShiftless(node);
        }
        return node.getInput(side);
    }

    /** A mask that is scaled with the scores later on, as a tensor of its own. */
    private String scaled(String mask) {
        String at = mask;
        for (Factor factor : scale.reversed()) {
            at = added.node(factor.factor.divide() ? "Div" : "Mul", List.of(at, factor.tensor));
        }
        return at;
    }

    private String subtracted(NodeProto node) throws UnknownFormException {
        Optional<Normalization.RowMaximum.Shifted> shifted =
                new Normalization.RowMaximum(index).subtractedFrom(node.getOutput(0));
        if (shifted.isPresent()) {
            requireShiftless(node);
            return shifted.get().scores();
        }
        String other = node.getInput(1);
        if (!reach.comesFromProduct(node.getInput(0)) || reach.comesFromProduct(other)) {
            throw new UnknownFormException(
                    "Its scores are subtracted from something by " + Ops.label(node) + ".");
        }
        if (scalars.uniform(other).isEmpty()) {
            requireBeforeCap(node, "A mask is subtracted");
            String negative = added.node("Neg", List.of(other));
            masks.add(new MaskTerm(MaskTerm.Kind.ADD, scaled(negative), 0));
        } else {
            requireShiftless(node);
        }
        return node.getInput(0);
    }

    /** A softmax does not see a number that is added to every score, unless there is more. */
    private void requireShiftless(NodeProto node) throws UnknownFormException {
        if (softcap > 0 || sink != null) {
            throw new UnknownFormException(
                    "A number is added to its scores by "
                            + Ops.label(node)
                            + " before their soft cap or their sink logits, which is not read.");
        }
    }

    private void requireBeforeCap(NodeProto node, String what) throws UnknownFormException {
        if (softcap > 0) {
            throw new UnknownFormException(
                    what
                            + " by "
                            + Ops.label(node)
                            + " before the soft cap, so that it hides nothing; after it was"
                            + " expected.");
        }
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

    private Factor factor(NodeProto node, String tensor, boolean divide)
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
        return new Factor(factor.get(), tensor);
    }

    /** k tanh(..): everything that multiplies after it is the cap. */
    private String capped(NodeProto node) throws UnknownFormException {
        double cap = 1;
        for (Factor factor : scale) {
            Float constant = factor.factor.constant();
            cap =
                    constant == null
                            ? Double.NaN
                            : factor.factor.divide() ? cap / constant : cap * constant;
        }
        if (softcap > 0 || !(cap > 0) || cap == Double.POSITIVE_INFINITY) {
            throw new UnknownFormException(
                    "Its scores go through Tanh "
                            + Ops.label(node)
                            + ", but not as a soft cap; one positive number after it was"
                            + " expected.");
        }
        softcap = (float) cap;
        scale.clear();
        return node.getInput(0);
    }

    private String joined(NodeProto node) throws UnknownFormException {
        SinkLogits.Joined joined = new SinkLogits(index, added).joined(node, reach);
        if (sink != null || softcap > 0 || !scale.isEmpty() || !masks.isEmpty()) {
            throw new UnknownFormException(
                    "Sink logits are joined to its scores by "
                            + Ops.label(node)
                            + " before a scale, a cap, a mask or others; right before the softmax"
                            + " was expected.");
        }
        sink = joined.term();
        sinkLast = joined.last();
        return joined.scores();
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
        requireBeforeCap(node, "A mask is put in");
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
        for (Factor factor : scale) {
            Float constant = factor.factor.constant();
            if (constant != null) {
                value = factor.factor.divide() ? value / constant : value * constant;
            } else if (value > VANISHING) {
                throw new UnknownFormException(
                        "A scale that only a run knows is applied after the mask of "
                                + Ops.label(node)
                                + ".");
            }
        }
        return value;
    }

    /** Limits so wide that they only guard against overflow. */
    private String limited(NodeProto node) throws UnknownFormException {
        String op = node.getOpType();
        boolean clip = op.equals("Clip");
        int side = clip || node.getInputCount() != 2 ? 0 : scoreSide(node, 0, 1);
        for (int i = 0; i < node.getInputCount(); i++) {
            if (i == side || node.getInput(i).isEmpty()) {
                continue;
            }
            OptionalDouble limit = scalars.uniform(node.getInput(i));
            boolean lower = clip ? i == 1 : op.equals("Max");
            double room = limit.isEmpty() ? 0 : lower ? -limit.getAsDouble() : limit.getAsDouble();
            if (room < HARMLESS) {
                throw new UnknownFormException(
                        "Its scores are cut from "
                                + (lower ? "below" : "above")
                                + " by "
                                + Ops.label(node)
                                + ".");
            }
        }
        return node.getInput(side);
    }

    /**
     * Which input the scores come in by. Where both are made of products, as with relative
     * positions, it is the one that is nothing else; the other is added to it.
     */
    private int scoreSide(NodeProto node, int first, int second) throws UnknownFormException {
        if (node.getInputCount() <= second) {
            throw new UnknownFormException(
                    Ops.label(node) + " has " + node.getInputCount() + " inputs.");
        }
        boolean left = reach.comesFromProduct(node.getInput(first));
        boolean right = reach.comesFromProduct(node.getInput(second));
        if (!left || !right) {
            return left ? first : second;
        }
        if (node.getOpType().equals("Add")) {
            if (isPlain(node.getInput(first), 0)) {
                return first;
            }
            if (isPlain(node.getInput(second), 0)) {
                return second;
            }
        }
        throw new UnknownFormException(
                "Its scores are made of several products ("
                        + Ops.label(node)
                        + "), none of which is queries times keys as it is.");
    }

    /** Whether a tensor is a product of two computed tensors, scaled or with something added. */
    private boolean isPlain(String tensor, int depth) {
        NodeProto node = index.producer(tensor);
        if (node == null || depth > MAX_STEPS) {
            return false;
        }
        if (weights.isComputedProduct(node)) {
            return true;
        }
        String op = node.getOpType();
        if (op.equals("Add")) {
            return isPlain(node.getInput(0), depth + 1) || isPlain(node.getInput(1), depth + 1);
        }
        boolean scaled =
                (op.equals("Mul") || op.equals("Div"))
                        && scalars.factor(node.getInput(1), false).isPresent();
        return (scaled || Ops.PASSING.contains(op)) && isPlain(node.getInput(0), depth + 1);
    }
}
