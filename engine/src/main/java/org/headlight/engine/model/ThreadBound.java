package org.headlight.engine.model;

/**
 * How many threads make sense. More than a few a processor only wait for each other, and with very
 * many the runtime does not even start in a time that anyone waits.
 *
 * @param processors of the machine, 1 or more
 */
public record ThreadBound(int processors) {
    private static final int A_PROCESSOR = 4;

    /** The bound on this machine. */
    public static ThreadBound here() {
        return new ThreadBound(Runtime.getRuntime().availableProcessors());
    }

    /** The largest number of threads. */
    public int most() {
        return A_PROCESSOR * processors;
    }

    /** Whether a number of threads lies within. */
    public boolean allows(int threads) {
        return threads >= 1 && threads <= most();
    }

    /**
     * Gives the number back.
     *
     * @throws IllegalArgumentException when it lies outside
     */
    public int checked(int threads) {
        if (!allows(threads)) {
            throw new IllegalArgumentException("threads: " + threads + ", expected 1 to " + most());
        }
        return threads;
    }
}
