package org.headlight.engine.kernel;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/**
 * Plain kernels that give way to vector kernels once the virtual machine has compiled those. The
 * warm-up runs once, on a background thread, when it is asked for or when so much plain work was
 * done that it pays.
 *
 * @param <K> the kind of kernels
 */
final class Promotion<K> {
    private static final long PATIENCE_MILLIS = 50;

    private final K goal;
    private final BooleanSupplier warmUp;
    private final String thread;
    private final long pays;
    private final AtomicBoolean started = new AtomicBoolean();
    private final AtomicLong products = new AtomicLong();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile K now;

    /**
     * @param cold what runs at first
     * @param goal what runs when it is warm
     * @param warmUp warms the goal up and returns whether it got fast
     * @param thread name of the background thread
     * @param pays products of plain work after which the warm-up pays
     */
    Promotion(K cold, K goal, BooleanSupplier warmUp, String thread, long pays) {
        this.goal = goal;
        this.warmUp = warmUp;
        this.thread = thread;
        this.pays = pays;
        this.now = cold;
    }

    /** What runs now. */
    K now() {
        return now;
    }

    /** Whether the goal runs. */
    boolean warm() {
        return now.equals(goal);
    }

    /** Tells of work that is about to be done. */
    void work(long more) {
        if (!started.get() && products.addAndGet(more) > pays) {
            start();
        }
    }

    /** Starts the warm-up in the background, unless it was started. */
    void start() {
        if (started.compareAndSet(false, true)) {
            Thread.ofPlatform().name(thread).daemon().start(this::run);
        }
    }

    /** Warms up on this thread; returns whether the goal runs from now on. */
    boolean run() {
        started.set(true);
        try {
            if (warmUp.getAsBoolean()) {
                now = goal;
            }
        } finally {
            ended.countDown();
        }
        return warm();
    }

    /** Waits for the end of the warm-up, which is started if need be, or until cancelled. */
    void await(BooleanSupplier cancelled) {
        start();
        try {
            while (!cancelled.getAsBoolean()
                    && !ended.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
                // Asks again whether it was cancelled.
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
