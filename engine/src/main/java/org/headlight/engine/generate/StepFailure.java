package org.headlight.engine.generate;

/** A model could not be run on; the message says why, as the end of a sentence. */
public class StepFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * A failure.
     *
     * @param message why, such as "its node /gqa stops: its table has 64 rows"
     */
    public StepFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
