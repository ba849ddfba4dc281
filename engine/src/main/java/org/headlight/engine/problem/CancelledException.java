package org.headlight.engine.problem;

/** The user cancelled. Exit status 130. */
public final class CancelledException extends Problem {
    private static final long serialVersionUID = 1L;

    public CancelledException() {
        super("Cancelled.");
    }

    @Override
    public int exitStatus() {
        return 130;
    }
}
