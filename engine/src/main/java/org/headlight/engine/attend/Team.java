package org.headlight.engine.attend;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Threads that share one list of numbered items: the caller's thread and helpers that sleep between
 * calls. Allocates nothing per call.
 */
final class Team implements AutoCloseable {

    /** What is done with an item. */
    interface Work {
        /**
         * Does one item.
         *
         * @param member number of the thread, 0 to threads - 1
         * @param item number of the item
         */
        void run(int member, int item);

        /** Whether nobody waits for the rest any more. Asked before each item. */
        boolean cancelled();
    }

    private final int threads;
    private final AtomicInteger next = new AtomicInteger();
    private final Object lock = new Object();
    private @Nullable Work work;
    private @Nullable Throwable failure;
    private int items;
    private int round;
    private int busy;
    private boolean started;
    private boolean closed;

    /**
     * @param threads how many work, the caller's own counted
     */
    Team(int threads) {
        this.threads = threads;
    }

    int threads() {
        return threads;
    }

    /**
     * Does all items, in their order, each by some thread; returns when none is being worked on any
     * more. One call at a time.
     */
    void run(Work theWork, int count) {
        next.set(0);
        boolean alone = threads == 1 || count < 2;
        synchronized (lock) {
            if (closed) {
                throw new IllegalStateException("Attention was closed");
            }
            items = count;
            failure = null;
            if (!alone) {
                start();
                work = theWork;
                busy = threads - 1;
                round++;
                lock.notifyAll();
            }
        }
        try {
            drain(theWork, 0, count);
        } finally {
            next.set(count);
            if (!alone) {
                await();
            }
        }
        Throwable problem = failure;
        if (problem != null) {
            throw new IllegalStateException("A thread of the attention kernels failed", problem);
        }
    }

    private void start() {
        if (started) {
            return;
        }
        started = true;
        for (int member = 1; member < threads; member++) {
            int number = member;
            Thread.ofPlatform().name("attention-" + member).daemon().start(() -> live(number));
        }
    }

    private void await() {
        boolean interrupted = false;
        synchronized (lock) {
            while (busy > 0) {
                try {
                    lock.wait();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            work = null;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void live(int member) {
        int seen = 0;
        while (true) {
            Work mine;
            int count;
            synchronized (lock) {
                while (round == seen && !closed) {
                    try {
                        lock.wait();
                    } catch (InterruptedException e) {
                        return;
                    }
                }
                if (closed) {
                    return;
                }
                seen = round;
                mine = work;
                count = items;
            }
            if (mine != null) {
                help(mine, member, count);
            }
        }
    }

    private void help(Work mine, int member, int count) {
        @Nullable RuntimeException problem = null;
        try {
            drain(mine, member, count);
        } catch (RuntimeException e) {
            problem = e;
            next.set(count);
        }
        synchronized (lock) {
            if (problem != null) {
                failure = problem;
            }
            busy--;
            lock.notifyAll();
        }
    }

    private void drain(Work mine, int member, int count) {
        int item = next.getAndIncrement();
        while (item < count && !mine.cancelled()) {
            mine.run(member, item);
            item = next.getAndIncrement();
        }
    }

    /** Ends the helpers. */
    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            lock.notifyAll();
        }
    }
}
