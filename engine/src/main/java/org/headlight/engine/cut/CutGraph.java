package org.headlight.engine.cut;

import org.headlight.engine.attention.AttentionSite;

import java.util.List;
import java.util.Map;

/**
 * A graph in pieces. They run in order; after each, the attention of its sites.
 *
 * @param segments the pieces
 * @param sites the sites that it is cut at
 * @param lastUse for each tensor that crosses a cut or goes into attention, the last segment that
 *     it is read in, or at the end of; -1 for what is only an output of the whole graph
 */
public record CutGraph(
        List<Segment> segments, List<AttentionSite> sites, Map<String, Integer> lastUse) {
    public CutGraph {
        segments = List.copyOf(segments);
        sites = List.copyOf(sites);
        lastUse = Map.copyOf(lastUse);
    }

    /** Whether a tensor is read by a later segment, or by attention after this segment or later. */
    public boolean readInside(String tensor, int segment) {
        for (int i = segment; i < segments.size(); i++) {
            Segment at = segments.get(i);
            if ((i > segment && at.inputs().contains(tensor))
                    || at.sites().stream()
                            .anyMatch(site -> SiteTensors.of(sites.get(site)).contains(tensor))) {
                return true;
            }
        }
        return false;
    }
}
