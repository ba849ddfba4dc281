package org.headlight.engine.model;

/** The runtime failed in a run; the message is its own words. */
final class RunFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RunFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
