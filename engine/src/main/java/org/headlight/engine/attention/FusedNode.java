package org.headlight.engine.attention;

import org.headlight.engine.attention.AttentionSite.ScaleFactor;
import org.headlight.engine.onnx.Attributes;
import org.headlight.engine.onnx.proto.Onnx.AttributeProto;
import org.headlight.engine.onnx.proto.Onnx.NodeProto;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/** A node that does all of attention, and what the graph around it says of its tensors. */
final class FusedNode {
    private final NodeProto node;
    private final Attributes attributes;
    private final TensorTypes types;
    private final SequenceSources sequences;

    FusedNode(NodeProto node, TensorTypes types, SequenceSources sequences) {
        this.node = node;
        this.attributes = Attributes.of(node);
        this.types = types;
        this.sequences = sequences;
    }

    TensorTypes types() {
        return types;
    }

    Attributes attributes() {
        return attributes;
    }

    /** The operator's name. */
    String operator() {
        return node.getOpType();
    }

    /** An input; null when it is not given. */
    @Nullable String input(int at) {
        return at >= 0 && at < node.getInputCount() && !node.getInput(at).isEmpty()
                ? node.getInput(at)
                : null;
    }

    /** An output; null when the graph does not name it. */
    @Nullable String output(int at) {
        return at < node.getOutputCount() && !node.getOutput(at).isEmpty()
                ? node.getOutput(at)
                : null;
    }

    String needed(int at) throws UnknownFormException {
        String input = input(at);
        if (input == null) {
            throw new UnknownFormException(
                    "Its " + node.getOpType() + " has no input " + at + ", which was expected.");
        }
        return input;
    }

    /** The result. */
    String result() throws UnknownFormException {
        String result = output(0);
        if (result == null) {
            throw new UnknownFormException(
                    "Its " + node.getOpType() + " has no first output, which was expected.");
        }
        return result;
    }

    /** An attribute that must be there and positive. */
    long count(String attribute) throws UnknownFormException {
        long value = attributes.integer(attribute, 0);
        if (value <= 0) {
            throw new UnknownFormException(
                    "Its attribute "
                            + attribute
                            + " is "
                            + value
                            + "; a positive number was expected.");
        }
        return value;
    }

    boolean flag(String attribute) {
        return attributes.integer(attribute, 0) != 0;
    }

    /** Refuses attributes that change the maths in ways that are not known here. */
    void allowOnly(Set<String> known) throws UnknownFormException {
        for (AttributeProto attribute : node.getAttributeList()) {
            if (!known.contains(attribute.getName())) {
                throw new UnknownFormException(
                        "Its "
                                + node.getOpType()
                                + " has the attribute "
                                + attribute.getName()
                                + ", which is not read.");
            }
        }
    }

    /** Whether a tensor is fed from outside. */
    boolean isGraphInput(String tensor) {
        return types.isGraphInput(tensor);
    }

    /** Whether queries and keys come from the same sequence. */
    SiteKind kind(String query, String key) {
        return sequences.kind(query, key);
    }

    /**
     * What the scores are multiplied with: the attribute {@code scale}, or one over the square root
     * of the width of a head where there is none.
     *
     * @param heads a tensor whose last axis of four is that width
     */
    List<ScaleFactor> scale(String heads, OptionalLong width, SideBranch branch) {
        float scale = attributes.number("scale", 0);
        if (scale != 0) {
            return List.of(new ScaleFactor(scale, null, false));
        }
        if (width.isPresent()) {
            return List.of(
                    new ScaleFactor((float) Math.sqrt((double) width.getAsLong()), null, true));
        }
        return List.of(new ScaleFactor(null, branch.rootOfWidth(heads), true));
    }
}
