package org.headlight.engine.task;

import org.headlight.engine.problem.CancelledException;

/** Where long work reports how far it is and learns that nobody waits for it any more. */
public interface Progress {

    /** Nobody listens and nobody cancels. */
    Progress NONE =
            new Progress() {
                @Override
                public void at(double fraction, String stage) {}

                @Override
                public boolean cancelled() {
                    return false;
                }
            };

    /**
     * Reports progress. May be called from any thread, often.
     *
     * @param fraction 0 to 1, or negative when it is not known
     * @param stage what is being done, in a few words
     */
    void at(double fraction, String stage);

    /** Whether the work should stop as soon as it can. */
    boolean cancelled();

    /**
     * Ends the work when it was cancelled.
     *
     * @throws CancelledException when {@link #cancelled()}
     */
    default void check() {
        if (cancelled()) {
            throw new CancelledException();
        }
    }

    /**
     * This progress for one of many small pieces of work, which would only run back and forth:
     * passes on whether to stop, and says nothing.
     */
    default Progress quiet() {
        Progress whole = this;
        return new Progress() {
            @Override
            public void at(double fraction, String stage) {
                // Whoever has the whole work says how far it is.
            }

            @Override
            public boolean cancelled() {
                return whole.cancelled();
            }
        };
    }

    /**
     * The part of this progress from {@code from} to {@code to} (fractions) as a progress of its
     * own.
     */
    default Progress part(double from, double to) {
        Progress whole = this;
        return new Progress() {
            @Override
            public void at(double fraction, String stage) {
                whole.at(from + Math.max(0, fraction) * (to - from), stage);
            }

            @Override
            public boolean cancelled() {
                return whole.cancelled();
            }
        };
    }
}
