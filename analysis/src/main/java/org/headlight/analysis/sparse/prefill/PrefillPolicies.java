package org.headlight.analysis.sparse.prefill;

import org.headlight.analysis.sparse.Policy;

import java.util.List;

/** The policies of this package. */
public final class PrefillPolicies {
    private PrefillPolicies() {}

    /** All of them, in the order of a menu. */
    public static List<Policy> all() {
        return List.of(new XAttentionPolicy(), new VerticalSlash(), new AShape());
    }
}
