package org.headlight.engine.attention;

import org.headlight.engine.onnx.GraphAddition;

import java.util.List;
import java.util.Map;

/**
 * Keys and values made beside the operators that give them as present outputs. An operator has to
 * run whole to give its presents; who computes attention otherwise takes these instead, and the
 * operator need not run at all.
 */
public final class BesideOperators {
    private final Map<String, KeysAndValues> made;
    private final GraphAddition addition;

    /**
     * @param made by the node of the site
     * @param addition the nodes that make them
     */
    BesideOperators(Map<String, KeysAndValues> made, GraphAddition addition) {
        this.made = Map.copyOf(made);
        this.addition = addition;
    }

    /** The nodes that make them, to be added to the graph. */
    public GraphAddition addition() {
        return addition;
    }

    /** The same sites over these keys and values. */
    public List<AttentionSite> in(List<AttentionSite> sites) {
        return sites.stream().map(this::in).toList();
    }

    private AttentionSite in(AttentionSite site) {
        KeysAndValues own = made.get(site.node());
        return own == null ? site : site.withKeysAndValues(own.key(), own.value());
    }
}
