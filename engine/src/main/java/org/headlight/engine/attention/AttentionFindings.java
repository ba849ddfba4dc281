package org.headlight.engine.attention;

import java.util.List;

/**
 * The attention of a graph.
 *
 * @param sites what was understood, in the order of the graph
 * @param unsupported what looks like attention but was not understood
 */
public record AttentionFindings(List<AttentionSite> sites, List<UnsupportedSite> unsupported) {
    public AttentionFindings {
        sites = List.copyOf(sites);
        unsupported = List.copyOf(unsupported);
    }
}
