package org.headlight.engine.cut;

import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.attend.AttentionOutput;
import org.headlight.engine.attend.BlockScorer;
import org.headlight.engine.attend.Selection;

/** Computes attention by the kernels, on all threads. */
@FunctionalInterface
public interface SiteAttend {

    /**
     * Computes over the visible keys that are selected.
     *
     * @param output receives the result [H, N, Dv], the log-sum-exp [H, N] and what it cost
     * @throws org.headlight.engine.problem.CancelledException when the run is cancelled
     */
    void attend(AttentionInput input, Selection selection, AttentionOutput output);

    /** Scores blocks where attention is computed, if it can: policies choose by them. */
    default BlockScorer scorer() {
        return BlockScorer.NONE;
    }
}
