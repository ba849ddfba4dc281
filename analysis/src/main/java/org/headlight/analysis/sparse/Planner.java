package org.headlight.analysis.sparse;

import org.headlight.engine.task.Progress;

/**
 * One policy in one run: chooses keys for each site, in the order in which the sites run, and keeps
 * what it carries from layer to layer. Used by one thread at a time.
 */
public interface Planner extends AutoCloseable {

    /**
     * Chooses keys for all heads of a site.
     *
     * @throws org.headlight.engine.problem.CancelledException when the progress says so
     */
    Plan plan(PolicySite site, Progress progress);

    /** Lets go of threads and memory. */
    @Override
    default void close() {}
}
