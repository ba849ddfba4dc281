package org.headlight.analysis.sparse.select;

import org.headlight.engine.task.Progress;
import org.headlight.engine.task.Together;

import java.util.ArrayList;
import java.util.List;
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
        Together.run("select", tasks);
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
}
