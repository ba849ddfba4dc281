package org.headlight.engine.cut;

import org.headlight.engine.attend.AttentionOutput;
import org.headlight.engine.attend.Selection;

/** Computes the attention of one head: the kernels, or a hook before them. */
@FunctionalInterface
public interface HeadAttend {

    /**
     * Computes.
     *
     * @param head what is attended to
     * @param selection which of the visible keys take part; the others are not computed
     * @param output receives the result [1, N, Dv] and the log-sum-exp [1, N]
     */
    void attend(HeadCall head, Selection selection, AttentionOutput output);

    /** Computes over all visible keys. */
    default void attend(HeadCall head, AttentionOutput output) {
        attend(head, Selection.dense(), output);
    }
}
