package org.headlight.app.sparse;

import org.headlight.analysis.sparse.run.Assignment;
import org.headlight.analysis.sparse.run.PolicyChoice;
import org.headlight.engine.cut.HeadAddress;

import java.util.Set;

/**
 * A policy for some heads.
 *
 * @param scope which kind of choice it was
 * @param layer the layer of {@link Scope#LAYER}; -1 otherwise
 * @param heads the heads of {@link Scope#HEADS}; empty otherwise
 * @param choice the policy with its settings
 */
record SparseRule(Scope scope, int layer, Set<HeadAddress> heads, PolicyChoice choice) {
    SparseRule {
        heads = Set.copyOf(heads);
    }

    /** An assignment with this rule as its last. */
    Assignment addedTo(Assignment before) {
        return switch (scope) {
            case MODEL -> before.with(choice);
            case LAYER -> before.with(layer, choice);
            case HEADS -> before.with(heads, choice);
        };
    }

    /** The heads in words, as the command line takes them. */
    String where() {
        return switch (scope) {
            case MODEL -> "all";
            case LAYER -> "L" + layer;
            case HEADS -> Heads.names(heads);
        };
    }

    /** Such as "XAttention for L2". */
    String words() {
        return choice.info().title() + (scope == Scope.MODEL ? "" : " for " + where());
    }
}
