package org.headlight.engine.cut;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which heads of a run are changed, and how. Immutable. */
public final class SeamHooks {
    /** The model as it is. */
    public static final SeamHooks NONE = new SeamHooks(Map.of());

    private final Map<HeadAddress, HeadHook> hooks;

    private SeamHooks(Map<HeadAddress, HeadHook> hooks) {
        this.hooks = hooks;
    }

    /** Changes one more head; a hook that it has already comes to lie inside this one. */
    public SeamHooks with(HeadAddress head, HeadHook hook) {
        Map<HeadAddress, HeadHook> more = new LinkedHashMap<>(hooks);
        more.merge(head, hook, HeadHook::then);
        return new SeamHooks(Map.copyOf(more));
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
