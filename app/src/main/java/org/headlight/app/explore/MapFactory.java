package org.headlight.app.explore;

import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.task.Progress;
import org.headlight.viz.raster.AttentionMap;

/** Makes the map of a head. Called on background threads. */
public interface MapFactory {

    /**
     * Whether a preview is worth its time: the exact map of so large a head takes long enough to
     * wait for.
     */
    boolean slow(HeadAttention head);

    /** A coarse map from sampled rows, quickly. */
    AttentionMap preview(HeadAttention head, boolean dropSink, Progress progress);

    /** The exact map, and with nothing dropped the numbers of the head as well. */
    HeadView exact(SiteCapture site, int head, boolean dropSink, Progress progress);
}
