package org.headlight.analysis.sparse.select;

import org.headlight.engine.task.Progress;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/** Work that is done for many small items, on several threads that each keep scratch memory. */
public final class EachItem {
    private EachItem() {}

    /**
     * Does the work of items [0, items), each by some thread; returns when all are done.
     *
     * @param threads how many work at a time, the caller's own counted
     * @param worker makes what works on one thread: it receives numbers of items
     * @throws org.headlight.engine.problem.CancelledException when the progress says so
     * @throws RuntimeException what the work threw; other items may then be undone
     */
    public static void run(
            int items, int threads, Progress progress, Supplier<IntConsumer> worker) {
        AtomicInteger next = new AtomicInteger();
        int workers = Math.clamp(items, 1, threads);
        EachHead.run(
                workers,
                workers,
                progress,
                number -> {
                    IntConsumer own = worker.get();
                    try {
                        for (int i = next.getAndIncrement();
                                i < items;
                                i = next.getAndIncrement()) {
                            progress.check();
                            own.accept(i);
                        }
                    } finally {
                        next.set(items);
                    }
                });
    }
}
