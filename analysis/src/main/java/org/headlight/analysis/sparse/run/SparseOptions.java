package org.headlight.analysis.sparse.run;

import java.util.Optional;

/**
 * What is measured.
 *
 * @param fidelity whether recall and output errors are measured, for which each layer is computed
 *     densely too
 * @param oracle whether recall is held against the best choice of as many pairs, which takes
 *     another walk over each map
 * @param needle keys whose fate is followed; empty for none
 */
public record SparseOptions(boolean fidelity, boolean oracle, Optional<Needle> needle) {
    /** Everything but a needle. */
    public static final SparseOptions ALL = new SparseOptions(true, true, Optional.empty());

    /** Times, logits and loss alone. */
    public static final SparseOptions QUICK = new SparseOptions(false, false, Optional.empty());

    /** The same, following a needle. */
    public SparseOptions with(Needle followed) {
        return new SparseOptions(fidelity, oracle, Optional.of(followed));
    }

    /**
     * Tokens of the text that an answer needs.
     *
     * @param from position of the first
     * @param to one after the last
     */
    public record Needle(int from, int to) {}
}
