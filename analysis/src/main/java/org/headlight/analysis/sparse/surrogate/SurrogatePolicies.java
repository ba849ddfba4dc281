package org.headlight.analysis.sparse.surrogate;

import org.headlight.analysis.sparse.Policy;

import java.util.List;

/** What can be shown of methods whose trained parts a model does not have. */
public final class SurrogatePolicies {
    private SurrogatePolicies() {}

    /** All of them, in the order of a menu. */
    public static List<Policy> all() {
        return List.of(
                new Nsa(),
                new Nosa(),
                new Dma(),
                new Sea(),
                new Superlinear(),
                new Landmark(),
                new SparseD());
    }
}
