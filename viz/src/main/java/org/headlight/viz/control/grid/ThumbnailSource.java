package org.headlight.viz.control.grid;

import org.headlight.viz.raster.AttentionMap;

/** Where the head grid gets its pictures. */
@FunctionalInterface
public interface ThumbnailSource {

    /**
     * The map of a head. Called on a worker thread, one head at a time, visible heads first; may
     * take long. A {@link org.headlight.engine.problem.Problem} or {@link IllegalStateException} (a
     * closed capture) leaves the thumbnail empty.
     */
    AttentionMap map(HeadRef head);
}
