package org.headlight.analysis.sparse.select;

import org.headlight.engine.task.Progress;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/** Work that is done for each head by itself, on several threads. */
public final class EachHead {
    private EachHead() {}

    /**
     * Does the work of heads [0, heads); returns when all are done.
     *
     * @param threads how many work at a time, the caller's own counted
     * @param work receives the number of a head; called from several threads
     * @throws org.headlight.engine.problem.CancelledException when the progress says so
     * @throws RuntimeException what the work threw; the other heads may then be undone
     */
    public static void run(int heads, int threads, Progress progress, IntConsumer work) {
        AtomicInteger next = new AtomicInteger();
        List<FutureTask<Void>> tasks = new ArrayList<>();
        for (int i = 0; i < Math.clamp(heads, 1, threads); i++) {
            tasks.add(new FutureTask<>(() -> drain(heads, next, progress, work), null));
        }
        for (int i = 1; i < tasks.size(); i++) {
            Thread.ofPlatform().name("select-" + i).daemon().start(tasks.get(i));
        }
        tasks.getFirst().run();
        await(tasks);
    }

    private static void drain(int heads, AtomicInteger next, Progress progress, IntConsumer work) {
        try {
            for (int head = next.getAndIncrement(); head < heads; head = next.getAndIncrement()) {
                progress.check();
                work.accept(head);
            }
        } finally {
            next.set(heads);
        }
    }

    private static void await(List<FutureTask<Void>> tasks) {
        Throwable failure = null;
        boolean interrupted = false;
        for (FutureTask<Void> task : tasks) {
            boolean waiting = true;
            while (waiting) {
                try {
                    task.get();
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
