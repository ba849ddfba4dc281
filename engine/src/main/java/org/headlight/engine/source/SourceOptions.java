package org.headlight.engine.source;

import org.headlight.engine.model.ThreadBound;

/**
 * How a source is opened.
 *
 * @param threads threads of the runtime, within {@link ThreadBound}
 */
public record SourceOptions(int threads) {
    public SourceOptions {
        ThreadBound.here().checked(threads);
    }

    /** One thread a processor. */
    public static SourceOptions defaults() {
        return new SourceOptions(Runtime.getRuntime().availableProcessors());
    }
}
