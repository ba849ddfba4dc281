package org.headlight.app.cli;

import org.headlight.engine.model.ThreadBound;
import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** The bounds of {@code --threads}. */
final class Threads {
    private Threads() {}

    /**
     * Refuses a number of threads that cannot be run.
     *
     * @param threads null when none is given
     * @param command for the failure
     */
    static void check(@Nullable Integer threads, CommandLine command) {
        ThreadBound bound = ThreadBound.here();
        if (threads != null && !bound.allows(threads)) {
            throw new ParameterException(
                    command,
                    "--threads is "
                            + threads
                            + "; expected 1 to "
                            + bound.most()
                            + " on this machine, four a processor.");
        }
    }
}
