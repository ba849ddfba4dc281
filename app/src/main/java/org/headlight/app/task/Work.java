package org.headlight.app.task;

import org.headlight.engine.task.Progress;

/**
 * Something long.
 *
 * @param <T> what comes of it
 */
@FunctionalInterface
public interface Work<T> {

    /**
     * Does the work, on a thread of its own.
     *
     * @throws org.headlight.engine.problem.Problem what the user is told when it fails
     */
    T run(Progress progress);
}
