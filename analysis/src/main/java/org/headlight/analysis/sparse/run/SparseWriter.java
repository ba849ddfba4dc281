package org.headlight.analysis.sparse.run;

import org.headlight.analysis.greedy.GuessAndCheck;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;

import java.util.List;
import java.util.function.IntPredicate;

/**
 * What a model writes, greedily, when it reads and writes sparsely: the prompt is prefilled by the
 * prefill policies, every step decoded by the decode policies. Policies of decoding see no later
 * tokens, so that a response can be guessed and checked.
 */
public final class SparseWriter {
    private final SparseStudy study;
    private final Assignment assignment;

    /**
     * @param assignment which heads run by which policy
     */
    public SparseWriter(SparseStudy study, Assignment assignment) {
        this.study = study;
        this.assignment = assignment;
    }

    /**
     * Writes.
     *
     * @param guess what the response may be: what the model writes densely
     * @param most the most tokens that it has, at least 1
     * @param ends whether a token ends it
     * @throws org.headlight.engine.problem.BadInputException when a policy cannot work on the model
     *     or the text, or the model gives no next-token logits
     * @throws org.headlight.engine.problem.CancelledException when the progress says so
     */
    public GuessAndCheck.Written write(
            List<Token> prompt,
            List<Integer> guess,
            int most,
            IntPredicate ends,
            Progress progress) {
        GuessAndCheck writer =
                new GuessAndCheck(
                        "Sparse",
                        (tokens, told) -> study.logits(tokens, prompt.size(), assignment, told));
        return writer.write(prompt, guess, most, ends, progress);
    }
}
