package org.headlight.engine.task;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Parts of one piece of work that run at the same time. */
public final class Together {
    private Together() {}

    /**
     * Runs the first part in this thread and each other one in a thread of its own; returns when
     * all have ended.
     *
     * @param name of the threads; a number follows
     * @throws RuntimeException what the first part that failed threw
     */
    public static void run(String name, List<FutureTask<Void>> parts) {
        for (int i = 1; i < parts.size(); i++) {
            Thread.ofPlatform().name(name + "-" + i).daemon().start(parts.get(i));
        }
        parts.getFirst().run();
        await(parts);
    }

    /** Waits for every thread, then throws what the first failure was. */
    private static void await(List<FutureTask<Void>> parts) {
        Throwable failure = null;
        boolean interrupted = false;
        for (FutureTask<Void> part : parts) {
            boolean waiting = true;
            while (waiting) {
                try {
                    part.get();
                    waiting = false;
                } catch (ExecutionException e) {
                    failure = failure == null ? e.getCause() : failure;
                    waiting = false;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (failure instanceof RuntimeException e) {
            throw e;
        }
        if (failure instanceof Error e) {
            throw e;
        }
    }
}
