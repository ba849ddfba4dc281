package org.headlight.engine.problem;

/**
 * A failure that the user can act on. The message is one sentence that names what is wrong, where,
 * what was expected and what to do; it is shown as it is, without a stack trace.
 */
public abstract sealed class Problem extends RuntimeException
        permits BadInputException, TooLargeException, CancelledException {
    private static final long serialVersionUID = 1L;

    Problem(String message, Throwable cause) {
        super(message, cause);
    }

    Problem(String message) {
        super(message);
    }

    /**
     * The exit status of the command line for this failure: 3 bad input, 4 too large, 130
     * cancelled.
     */
    public abstract int exitStatus();
}
