package org.headlight.engine.cut;

import org.headlight.engine.onnx.proto.Onnx.GraphProto;

import java.util.List;
import java.util.Set;

/**
 * A piece of a cut graph: what runs between two stages of attention.
 *
 * @param body its nodes, in an order in which they can run, and the constants that they read
 * @param inputs tensors that it takes: inputs of the whole graph, results of earlier segments, and
 *     what attention gave
 * @param outputs tensors that it makes for later segments, for attention, or as outputs of the
 *     whole graph
 * @param sites the sites, by their index in the cut, whose attention can be computed when it is
 *     done
 */
public record Segment(
        GraphProto body, List<String> inputs, Set<String> outputs, List<Integer> sites) {
    public Segment {
        inputs = List.copyOf(inputs);
        outputs = Set.copyOf(outputs);
        sites = List.copyOf(sites);
    }

    /** Whether there is nothing to run. */
    public boolean empty() {
        return outputs.isEmpty();
    }
}
