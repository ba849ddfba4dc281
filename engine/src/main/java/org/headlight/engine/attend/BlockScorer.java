package org.headlight.engine.attend;

import org.headlight.engine.attend.AntidiagonalScores.Groups;
import org.headlight.engine.problem.CancelledException;
import org.headlight.engine.task.Progress;

import java.util.Optional;

/**
 * Scores the blocks of all heads of a site by antidiagonals, as {@link AntidiagonalScores} has
 * them, and may choose among them: where attention is computed, or on the processor.
 */
public interface BlockScorer {

    /** Can score nothing. */
    BlockScorer NONE =
            new BlockScorer() {
                @Override
                public boolean can(AttentionInput input, Groups groups) {
                    return false;
                }

                @Override
                public void score(
                        AttentionInput input, Groups groups, float[] target, Progress progress) {
                    throw new IllegalStateException("There is nothing here that scores blocks");
                }
            };

    /** Whether it scores such queries and keys in such groups. */
    boolean can(AttentionInput input, Groups groups);

    /**
     * Scores the blocks of all heads; only where {@link #can} says so. Masks are those of the
     * groups.
     *
     * @param target receives the block sums, [H, ceil(N / block), ceil(M / block)]
     * @throws CancelledException when it was cancelled; the target is then partly written
     */
    void score(AttentionInput input, Groups groups, float[] target, Progress progress);

    /**
     * The blocks that a rule chooses by these scores, each query's own blocks among them where the
     * masks are causal; empty where it chooses none by this rule, or the masks are not those of the
     * groups: then whoever asks chooses by the scores.
     *
     * @param groups whose blocks are multiples of 64
     * @throws CancelledException when it was cancelled
     */
    default Optional<BlockCsr> choose(
            AttentionInput input, Groups groups, BlockRule rule, Progress progress) {
        return Optional.empty();
    }

    /** Why blocks were to be scored here and are not, one sentence; empty for nothing to say. */
    default Optional<String> refusal() {
        return Optional.empty();
    }
}
