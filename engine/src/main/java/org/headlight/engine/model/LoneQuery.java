package org.headlight.engine.model;

import org.headlight.engine.attention.AttentionSite;
import org.headlight.engine.attention.SiteKind;
import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.capture.SiteCapture;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the mask of a run with one query is. Such a run cannot show it: the query sees every key
 * without a mask, and just so at the last key under a causal one. The model tells: at a site that
 * was causal in the opening probe, which is longer, it is the causal one; at any other it is none.
 *
 * <p>Where the probe has one query too, because the graph takes no more, a site is causal when its
 * operator says so, or when it is self-attention of a model that takes the keys of earlier tokens
 * as inputs: these have been computed before the query was there, and cannot have seen it.
 */
final class LoneQuery {
    /** Nothing is known of the model. */
    static final LoneQuery UNKNOWN = new LoneQuery(Set.of());

    private final Set<String> causal;

    /**
     * @param causal nodes of the causal sites
     */
    private LoneQuery(Set<String> causal) {
        this.causal = Set.copyOf(causal);
    }

    /** By what the opening probe saw. */
    static LoneQuery of(Probe.Findings findings) {
        return new LoneQuery(
                findings.sites().stream()
                        .filter(ProbedSite::causal)
                        .map(seen -> seen.site().node())
                        .collect(Collectors.toSet()));
    }

    /**
     * Whether a site of the probe is causal.
     *
     * @param head one of its heads in the probe
     * @param inputs of the model
     */
    static boolean causal(AttentionSite site, HeadAttention head, List<GraphInput> inputs) {
        if (!open(head)) {
            return head.mask().causal();
        }
        return site.scores().visible().causal()
                || (site.kind() == SiteKind.SELF
                        && inputs.stream().anyMatch(i -> i.role() == GraphInput.Role.PAST));
    }

    /** Whether a head's mask may be either. */
    private static boolean open(HeadAttention head) {
        return head.rows() == 1 && head.mask().equals(AttentionMask.full(head.cols()));
    }

    /** A captured site with the mask that the model has. */
    SiteCapture told(SiteCapture site) {
        if (!causal.contains(site.node()) || site.heads().stream().noneMatch(LoneQuery::open)) {
            return site;
        }
        List<HeadAttention> heads = new ArrayList<>();
        for (HeadAttention head : site.heads()) {
            heads.add(
                    open(head) && head instanceof QkHead qk
                            ? qk.withMask(AttentionMask.causal(head.cols() - 1))
                            : head);
        }
        return site.withHeads(List.copyOf(heads));
    }

    /** {@link #told(SiteCapture)} of each. */
    List<SiteCapture> told(List<SiteCapture> sites) {
        return sites.stream().map(this::told).toList();
    }
}
