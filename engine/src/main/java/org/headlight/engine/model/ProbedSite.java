package org.headlight.engine.model;

import org.headlight.engine.attention.AttentionSite;

/**
 * An attention site as it showed itself on a little made-up input.
 *
 * @param sizes its sizes in that run; all zero when no made-up input would run
 * @param causal whether its mask was causal; where the graph takes one query alone, whether {@link
 *     LoneQuery} takes it for causal
 */
record ProbedSite(AttentionSite site, SiteSizes sizes, boolean causal) {
    /** A site that has not been seen in a run. */
    static ProbedSite unseen(AttentionSite site) {
        return new ProbedSite(site, new SiteSizes(0, 0, 0, 0, 0, 0, 0), false);
    }
}
