package org.headlight.engine.attention;

/** An attention is written in a way that is not understood; the message is one sentence. */
final class UnknownFormException extends Exception {
    private static final long serialVersionUID = 1L;

    UnknownFormException(String reason) {
        super(reason, null, false, false);
    }
}
