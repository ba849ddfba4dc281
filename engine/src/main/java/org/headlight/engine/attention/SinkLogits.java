package org.headlight.engine.attention;

import org.headlight.engine.attention.AttentionSite.SinkTerm;
import org.headlight.engine.onnx.Attributes;
import org.headlight.engine.onnx.GraphIndex;
import org.headlight.engine.onnx.proto.Onnx.NodeProto;

import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;

/** Scores without a key that are joined to the scores of each row as one more column. */
final class SinkLogits {
    private static final int MAX_STEPS = 12;

    /** Operators that repeat one logit a head along rows, or only show it under another shape. */
    private static final Set<String> SPREADING =
            Set.of("Expand", "Reshape", "Unsqueeze", "Squeeze", "Identity", "Cast");

    private final GraphIndex index;
    private final SideBranch added;

    SinkLogits(GraphIndex index, SideBranch added) {
        this.index = index;
        this.added = added;
    }

    /**
     * A column beside the scores.
     *
     * @param scores the scores with keys
     * @param term the sink logits
     * @param last whether the column stands after the keys
     */
    record Joined(String scores, SinkTerm term, boolean last) {}

    /** Reads the node that joins them. */
    Joined joined(NodeProto concat, Reach reach) throws UnknownFormException {
        long axis = Attributes.of(concat).integer("axis", 0);
        if (concat.getInputCount() != 2 || (axis != -1 && axis < 2)) {
            throw refuse(concat);
        }
        boolean left = reach.comesFromProduct(concat.getInput(0));
        boolean right = reach.comesFromProduct(concat.getInput(1));
        if (left == right) {
            throw refuse(concat);
        }
        return new Joined(concat.getInput(left ? 0 : 1), term(concat.getInput(left ? 1 : 0)), left);
    }

    private static UnknownFormException refuse(NodeProto concat) {
        return new UnknownFormException(
                "Its scores are joined with others by "
                        + Ops.label(concat)
                        + "; one column of sink logits was expected.");
    }

    private SinkTerm term(String column) {
        OptionalDouble same = new Scalars(index).uniform(column);
        if (same.isPresent()) {
            return new SinkTerm((float) same.getAsDouble(), null);
        }
        String at = column;
        for (int step = 0; step < MAX_STEPS; step++) {
            NodeProto node = index.producer(at);
            if (node == null || !SPREADING.contains(node.getOpType())) {
                break;
            }
            at = node.getInput(0);
        }
        boolean learned = index.constant(at) != null || index.isInput(at);
        return new SinkTerm(null, learned ? added.node("Identity", List.of(at)) : at);
    }
}
