package org.headlight.app.task;

import org.headlight.engine.problem.CancelledException;
import org.headlight.engine.problem.Problem;
import org.headlight.engine.problem.TooLargeException;

import java.util.concurrent.CompletionException;

/**
 * How work ended when it did not end well.
 *
 * @param sentence what the user is told
 * @param kind what sort of failure it is
 * @param cause for the log
 */
public record Failure(String sentence, Kind kind, Throwable cause) {

    /** What sort of failure it is. */
    public enum Kind {
        BAD_INPUT,
        TOO_LARGE,
        CANCELLED,
        /** A defect of the program. */
        DEFECT
    }

    private static String words(Problem problem) {
        return String.valueOf(problem.getMessage());
    }

    /** Puts what was thrown into words. */
    public static Failure of(Throwable thrown) {
        return switch (thrown) {
            case CompletionException e when e.getCause() != null -> of(e.getCause());
            case CancelledException e -> new Failure(words(e), Kind.CANCELLED, e);
            case TooLargeException e -> new Failure(words(e), Kind.TOO_LARGE, e);
            case Problem e -> new Failure(words(e), Kind.BAD_INPUT, e);
            case OutOfMemoryError e ->
                    new Failure(
                            "The memory of this process is used up; close other programs, or use a"
                                    + " shorter text.",
                            Kind.TOO_LARGE,
                            e);
            default ->
                    new Failure(
                            "Something unexpected went wrong ("
                                    + thrown.getClass().getSimpleName()
                                    + ": "
                                    + thrown.getMessage()
                                    + "); what was open stays open.",
                            Kind.DEFECT,
                            thrown);
        };
    }
}
