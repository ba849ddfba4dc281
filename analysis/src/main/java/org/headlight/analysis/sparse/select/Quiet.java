package org.headlight.analysis.sparse.select;

import org.headlight.engine.task.Progress;

/**
 * Progress of one of many small pieces of work, which would only run back and forth: passes on
 * whether to stop, and says nothing.
 *
 * @param whole of all the pieces
 */
public record Quiet(Progress whole) implements Progress {
    @Override
    public void at(double fraction, String stage) {}

    @Override
    public boolean cancelled() {
        return whole.cancelled();
    }
}
