package org.headlight.engine.cut;

/** A graph that cannot be cut; the message is the reason, one clause without a full stop. */
public final class UncuttableException extends Exception {
    private static final long serialVersionUID = 1L;

    public UncuttableException(String reason) {
        super(reason);
    }

    public UncuttableException(String reason, Throwable cause) {
        super(reason, cause);
    }

    /** The reason, such as "its tensor parts is a sequence". */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
