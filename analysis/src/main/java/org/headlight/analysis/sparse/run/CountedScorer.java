package org.headlight.analysis.sparse.run;

import org.headlight.engine.attend.AntidiagonalScores.Groups;
import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.attend.BlockCsr;
import org.headlight.engine.attend.BlockRule;
import org.headlight.engine.attend.BlockScorer;
import org.headlight.engine.task.Progress;

import java.util.Optional;

/** Counts what another scorer is asked for. Used by one thread. */
final class CountedScorer implements BlockScorer {
    private BlockScorer scorer = BlockScorer.NONE;
    private long scored;
    private long chosen;

    /** The same counts for another one. */
    CountedScorer of(BlockScorer other) {
        scorer = other;
        return this;
    }

    @Override
    public boolean can(AttentionInput input, Groups groups) {
        return scorer.can(input, groups);
    }

    @Override
    public void score(AttentionInput input, Groups groups, float[] target, Progress progress) {
        scorer.score(input, groups, target, progress);
        scored++;
    }

    @Override
    public Optional<BlockCsr> choose(
            AttentionInput input, Groups groups, BlockRule rule, Progress progress) {
        Optional<BlockCsr> blocks = scorer.choose(input, groups, rule, progress);
        chosen += blocks.isPresent() ? 1 : 0;
        return blocks;
    }

    @Override
    public Optional<String> refusal() {
        return scorer.refusal();
    }

    /** How many times it scored. */
    long scored() {
        return scored;
    }

    /** How many times it chose. */
    long chosen() {
        return chosen;
    }
}
