package org.headlight.analysis.survey;

import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.sweep.SweepConsumer;

import java.util.List;

/** One of the analyses that go along on the sweep of every head. Used by one thread. */
public interface SurveyPart {

    /**
     * A head is about to be swept.
     *
     * @param siteIndex which site of the capture it is of
     * @return what is to see the blocks of its map; may be empty
     */
    List<SweepConsumer> begin(SiteCapture site, int siteIndex, int head);

    /** The head that was begun last has been swept. */
    void end();
}
