package org.headlight.engine.attention;

import org.headlight.engine.onnx.proto.Onnx.NodeProto;

import java.util.Optional;

/** Reads one operator that does all of attention in one node. */
interface FusedForm {
    /** Whether a node is the operator. */
    boolean reads(NodeProto node);

    /**
     * Names what the node attends with.
     *
     * @param branch takes the nodes that make tensors which the graph does not have
     * @throws UnknownFormException when the node uses a feature that is not read
     */
    FusedSite read(FusedNode node, SideBranch branch) throws UnknownFormException;

    /**
     * The same keys and values, past ones first, without running the node; empty where those that
     * {@link #read} names do not come out of the node.
     *
     * @param branch takes the nodes that make them
     */
    default Optional<KeysAndValues> beside(FusedNode node, SideBranch branch)
            throws UnknownFormException {
        return Optional.empty();
    }
}
