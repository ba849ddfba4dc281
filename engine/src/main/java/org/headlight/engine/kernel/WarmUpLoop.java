package org.headlight.engine.kernel;

import java.util.function.LongSupplier;

/** Runs code until the virtual machine has compiled it well. */
final class WarmUpLoop {
    private static final int ROUNDS = 200;
    private static final int CALLS = 300;

    private WarmUpLoop() {}

    /**
     * Works until {@code goal} beats {@code reference} twice in a row: a lucky measurement is not
     * enough.
     *
     * @param small one short pass through everything that is to be compiled
     * @param goal nanoseconds of a longer pass
     * @param reference nanoseconds that the goal must beat
     * @return whether it did; false when the thread was interrupted or it never did
     */
    static boolean run(Runnable small, LongSupplier goal, LongSupplier reference) {
        int faster = 0;
        for (int round = 0; round < ROUNDS && !Thread.currentThread().isInterrupted(); round++) {
            for (int call = 0; call < CALLS; call++) {
                small.run();
            }
            faster = goal.getAsLong() < reference.getAsLong() ? faster + 1 : 0;
            if (faster == 2) {
                return true;
            }
        }
        return false;
    }

    /** The best time of three passes, in nanoseconds. */
    static long best(Runnable pass) {
        long best = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            long start = System.nanoTime();
            pass.run();
            best = Math.min(best, System.nanoTime() - start);
        }
        return best;
    }
}
