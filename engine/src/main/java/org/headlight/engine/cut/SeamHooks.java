package org.headlight.engine.cut;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which heads of a run are changed, and how. Immutable. */
public final class SeamHooks {
    /** The model as it is. */
    public static final SeamHooks NONE = new SeamHooks(Map.of(), Optional.empty());

    private final Map<HeadAddress, HeadHook> hooks;
    private final Optional<SiteHook> sites;

    private SeamHooks(Map<HeadAddress, HeadHook> hooks, Optional<SiteHook> sites) {
        this.hooks = hooks;
        this.sites = sites;
    }

    /** Has whole sites computed by a hook; a head with a hook of its own keeps to that. */
    public SeamHooks with(SiteHook hook) {
        return new SeamHooks(hooks, Optional.of(hook));
    }

    /** What computes whole sites; empty for the kernels alone. */
    public Optional<SiteHook> sites() {
        return sites;
    }

    /** Whether the model runs as it is. */
    public boolean none() {
        return hooks.isEmpty() && sites.isEmpty();
    }

    /** Changes one more head; a hook that it has already comes to lie inside this one. */
    public SeamHooks with(HeadAddress head, HeadHook hook) {
        Map<HeadAddress, HeadHook> more = new LinkedHashMap<>(hooks);
        more.merge(head, hook, HeadHook::then);
        return new SeamHooks(Map.copyOf(more), sites);
    }

    /** Changes several heads in the same way. */
    public SeamHooks with(Iterable<HeadAddress> heads, HeadHook hook) {
        SeamHooks all = this;
        for (HeadAddress head : heads) {
            all = all.with(head, hook);
        }
        return all;
    }

    /** What is done to a head. */
    public Optional<HeadHook> of(HeadAddress head) {
        return Optional.ofNullable(hooks.get(head));
    }

    /** The heads that are changed. */
    public Set<HeadAddress> heads() {
        return hooks.keySet();
    }
}
