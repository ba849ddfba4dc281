package org.headlight.app.rhythm;

import org.headlight.analysis.rhythm.TokenEntropy;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.cut.SeamHooks;
import org.headlight.engine.matrix.Matrix;
import org.headlight.engine.model.CutOutcome;
import org.headlight.engine.model.Model;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.problem.TooLargeException;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;

/** The tokens' entropies from a run of the model, where one is to be had. */
public final class RhythmInput {
    private RhythmInput() {}

    /**
     * How unsure the model was of each token, [N]; null where it gives no logits, cannot be run in
     * pieces, or its logits would not fit.
     *
     * @throws org.headlight.engine.problem.CancelledException when the progress says so
     */
    public static double @Nullable [] entropy(
            Optional<Model> model, List<Token> tokens, Progress progress) {
        boolean known = tokens.stream().allMatch(token -> token.id() >= 0);
        if (model.isEmpty() || !known || model.get().cannotGenerate().isPresent()) {
            return null;
        }
        try {
            Matrix logits =
                    model.get()
                            .run(tokens, SeamHooks.NONE, CutOutcome.Wanted.LOGITS, progress)
                            .logits()
                            .orElseThrow();
            return logits.rows() == tokens.size() ? TokenEntropy.of(logits) : null;
        } catch (BadInputException | TooLargeException e) {
            return null;
        }
    }

    /** Where a response begins in a capture: where its model began to write, else at 0. */
    public static int responseFrom(Capture capture) {
        int from = capture.responseFrom();
        return from < capture.tokens().size() ? from : 0;
    }
}
