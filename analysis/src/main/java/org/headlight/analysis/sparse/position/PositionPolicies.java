package org.headlight.analysis.sparse.position;

import org.headlight.analysis.sparse.Policy;

import java.util.List;

/** The policies that change positions. */
public final class PositionPolicies {
    private PositionPolicies() {}

    /** All of them, in the order of a menu. */
    public static List<Policy> all() {
        return List.of(
                new StreamingLlm(), new LmInfinite(), new InfLlm(), new LongHeads(), new LaCache());
    }
}
