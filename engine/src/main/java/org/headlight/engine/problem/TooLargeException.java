package org.headlight.engine.problem;

/**
 * The work would not fit in memory. Says how much it needs and how much there is. Exit status 4.
 */
public final class TooLargeException extends Problem {
    private static final long serialVersionUID = 1L;

    private final long neededBytes;
    private final long availableBytes;

    public TooLargeException(String message, long neededBytes, long availableBytes) {
        super(message);
        this.neededBytes = neededBytes;
        this.availableBytes = availableBytes;
    }

    public long neededBytes() {
        return neededBytes;
    }

    public long availableBytes() {
        return availableBytes;
    }

    @Override
    public int exitStatus() {
        return 4;
    }
}
