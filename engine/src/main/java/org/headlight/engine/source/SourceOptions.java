package org.headlight.engine.source;

/**
 * How a source is opened.
 *
 * @param threads threads of the runtime, 1 or more
 */
public record SourceOptions(int threads) {
    public SourceOptions {
        if (threads < 1) {
            throw new IllegalArgumentException("threads: " + threads + ", expected 1 or more");
        }
    }

    /** One thread a processor. */
    public static SourceOptions defaults() {
        return new SourceOptions(Runtime.getRuntime().availableProcessors());
    }
}
