package org.headlight.app.task;

/** The thread that owns the window. */
@FunctionalInterface
public interface UiThread {

    /** Runs {@code action} on that thread, after everything that was handed over before it. */
    void later(Runnable action);
}
