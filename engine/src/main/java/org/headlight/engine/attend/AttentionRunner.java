package org.headlight.engine.attend;

import org.headlight.engine.task.Progress;

/**
 * Computes attention of all heads at once, on whatever device it was made for. Calls from several
 * threads wait for each other.
 */
public interface AttentionRunner extends AutoCloseable {

    /**
     * Attention over the keys that both the masks and the selection allow.
     *
     * @param input queries [H, N, D], keys [KV, M, D], values [KV, M, Dv] and what restricts them
     * @param output is overwritten: [H, N, Dv], log-sum-exps [H, N], counters
     * @param progress asked whether to stop; told nothing
     * @throws org.headlight.engine.problem.CancelledException when it was cancelled; the output is
     *     then partly written
     * @throws IllegalArgumentException when shapes do not fit
     */
    void run(AttentionInput input, Selection selection, AttentionOutput output, Progress progress);

    /** Attention over every key that the masks allow. */
    default void run(AttentionInput input, AttentionOutput output, Progress progress) {
        run(input, Selection.dense(), output, progress);
    }

    /** Scores blocks where attention is computed, if it can: policies choose by them. */
    default BlockScorer scorer() {
        return BlockScorer.NONE;
    }

    /** Lets go of threads and memory; the next call fails. */
    @Override
    void close();
}
