package org.headlight.engine.attention;

import org.headlight.engine.onnx.GraphAddition;

import java.util.List;

/**
 * The attention of a graph.
 *
 * @param sites what was understood, in the order of the graph
 * @param unsupported what looks like attention but was not understood
 * @param addition nodes that make tensors of the sites that the graph itself does not have; to be
 *     added to the graph before it runs
 * @param beside keys and values of the sites without running their operators
 */
public record AttentionFindings(
        List<AttentionSite> sites,
        List<UnsupportedSite> unsupported,
        GraphAddition addition,
        BesideOperators beside) {
    public AttentionFindings {
        sites = List.copyOf(sites);
        unsupported = List.copyOf(unsupported);
    }
}
