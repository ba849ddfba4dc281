package org.headlight.engine.attention;

import org.headlight.engine.attention.AttentionSite.SinkTerm;
import org.headlight.engine.onnx.Attributes;
import org.headlight.engine.onnx.GraphIndex;
import org.headlight.engine.onnx.proto.Onnx.NodeProto;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Where scores become probabilities: a Softmax, or the same written out as Exp, ReduceSum, Div.
 *
 * @param node the node that gives the probabilities
 * @param scores what goes in
 * @param sink a score without a key that is written into the denominator; null when there is none
 */
record Normalization(NodeProto node, String scores, @Nullable SinkTerm sink) {
    /** What is added to a sum of at least 1 without a trace in 32 bits. */
    private static final double NOTHING = 1e-6;

    /** Reads a node; empty when it does something else. */
    static Optional<Normalization> of(NodeProto node, GraphIndex index) {
        if (!Ops.standard(node) || node.getOutputCount() != 1) {
            return Optional.empty();
        }
        if (node.getOpType().equals("Softmax") && node.getInputCount() == 1) {
            return Optional.of(new Normalization(node, node.getInput(0), null));
        }
        return node.getOpType().equals("Div") && node.getInputCount() == 2
                ? new Written(node, index).read()
                : Optional.empty();
    }

    /** The division of exponentials by their sum. */
    private record Written(NodeProto div, GraphIndex index) {

        Optional<Normalization> read() {
            String exponentials = div.getInput(0);
            NodeProto exp = producer(exponentials, "Exp");
            if (exp == null) {
                return Optional.empty();
            }
            String sum = div.getInput(1);
            if (isSum(sum, exponentials)) {
                return Optional.of(new Normalization(div, exp.getInput(0), null));
            }
            NodeProto add = producer(sum, "Add");
            if (add == null) {
                return Optional.empty();
            }
            int side = isSum(add.getInput(0), exponentials) ? 0 : 1;
            return isSum(add.getInput(side), exponentials)
                    ? withMore(exp, add.getInput(1 - side))
                    : Optional.empty();
        }

        /** Something is added to the sum: a trifle against 0 / 0, or the exponential of a sink. */
        private Optional<Normalization> withMore(NodeProto exp, String more) {
            String scores = exp.getInput(0);
            RowMaximum maximum = new RowMaximum(index);
            Optional<RowMaximum.Shifted> shifted = maximum.subtractedFrom(scores);
            OptionalDouble known = new Scalars(index).uniform(more);
            if (known.isPresent()) {
                if (shifted.isPresent() && Math.abs(known.getAsDouble()) <= NOTHING) {
                    return Optional.of(new Normalization(div, scores, null));
                }
                return shifted.isEmpty() && known.getAsDouble() > 0
                        ? Optional.of(
                                new Normalization(
                                        div,
                                        scores,
                                        new SinkTerm((float) Math.log(known.getAsDouble()), null)))
                        : Optional.empty();
            }
            NodeProto other = producer(more, "Exp");
            NodeProto minus = other == null ? null : producer(other.getInput(0), "Neg");
            return minus != null
                            && shifted.isPresent()
                            && shifted.get().maximum().equals(minus.getInput(0))
                    ? Optional.of(
                            new Normalization(div, shifted.get().scores(), new SinkTerm(0f, null)))
                    : Optional.empty();
        }

        private boolean isSum(String tensor, String of) {
            NodeProto node = producer(tensor, "ReduceSum");
            return node != null
                    && node.getInput(0).equals(of)
                    && new RowMaximum(index).alongRows(node);
        }

        private @Nullable NodeProto producer(String tensor, String op) {
            NodeProto node = index.producer(tensor);
            return node != null && node.getOpType().equals(op) ? node : null;
        }
    }

    /** Recognises what a row's largest score is subtracted from. */
    record RowMaximum(GraphIndex index) {
        /**
         * A difference of scores and their row's largest.
         *
         * @param scores before the subtraction
         * @param maximum the tensor of largest scores
         */
        record Shifted(String scores, String maximum) {}

        Optional<Shifted> subtractedFrom(String tensor) {
            NodeProto sub = index.producer(tensor);
            if (sub == null || !sub.getOpType().equals("Sub")) {
                return Optional.empty();
            }
            String scores = sub.getInput(0);
            NodeProto max = index.producer(sub.getInput(1));
            boolean own =
                    max != null
                            && max.getOpType().equals("ReduceMax")
                            && max.getInput(0).equals(scores)
                            && alongRows(max);
            return own ? Optional.of(new Shifted(scores, sub.getInput(1))) : Optional.empty();
        }

        /** Whether a reduction runs over the last axis and keeps it. */
        boolean alongRows(NodeProto reduction) {
            Attributes attributes = Attributes.of(reduction);
            if (attributes.integer("keepdims", 1) != 1) {
                return false;
            }
            double[] given =
                    reduction.getInputCount() > 1 ? index.values(reduction.getInput(1)) : null;
            List<Long> axes =
                    given == null
                            ? attributes.integers("axes")
                            : given.length == 1 ? List.of((long) given[0]) : List.of();
            return axes.size() == 1 && (axes.getFirst() == -1 || axes.getFirst() >= 2);
        }
    }
}
