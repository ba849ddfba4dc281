package org.headlight.engine.problem;

/** The input is bad: a file, a text, a parameter. Exit status 3. */
public final class BadInputException extends Problem {
    private static final long serialVersionUID = 1L;

    public BadInputException(String message) {
        super(message);
    }

    public BadInputException(String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    public int exitStatus() {
        return 3;
    }
}
