package org.headlight.engine.model;

import org.headlight.engine.generate.StepFailure;
import org.headlight.engine.problem.BadInputException;

import java.util.Locale;

/** The runtime failed in a run; the message says why, as the end of a sentence. */
final class RunFailure extends StepFailure {
    private static final long serialVersionUID = 1L;

    RunFailure(String message, Throwable cause) {
        super(message, cause);
    }

    /**
     * The end of a run that was given so many tokens.
     *
     * @param owner the model's file
     * @param tokens 0 when it was given tensors
     */
    BadInputException refusal(String owner, int tokens) {
        if (tokens == 0) {
            return new BadInputException(
                    owner
                            + " fails on this input: "
                            + getMessage()
                            + "; give it tensors of other sizes.",
                    this);
        }
        return new BadInputException(
                String.format(
                        Locale.ROOT,
                        "%s fails on %,d %s: %s; give it another number of tokens, or export it"
                                + " again with a free length.",
                        owner,
                        tokens,
                        tokens == 1 ? "token" : "tokens",
                        getMessage()),
                this);
    }
}
