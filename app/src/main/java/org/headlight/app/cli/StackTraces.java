package org.headlight.app.cli;

import org.jspecify.annotations.Nullable;

import java.io.PrintStream;

/** Prints where a failure came from, for those who asked. */
final class StackTraces {
    private StackTraces() {}

    static void print(Throwable failure, PrintStream err) {
        @Nullable Throwable at = failure;
        for (int depth = 0; at != null && depth < 20; depth++) {
            err.println((depth == 0 ? "" : "caused by ") + at);
            for (StackTraceElement element : at.getStackTrace()) {
                err.println("    at " + element);
            }
            at = at.getCause();
        }
    }
}
