package org.headlight.analysis.sinks;

import org.headlight.analysis.survey.Survey;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;

import java.util.List;

/** The received mass of every head of a capture, one sweep a head; memory N a head. */
public final class SinkSurvey {
    private SinkSurvey() {}

    /**
     * Surveys every head, site by site.
     *
     * @param options how the maps are walked; every row is always seen
     * @throws org.headlight.engine.problem.CancelledException when the progress says so
     */
    public static SinkReport of(Capture capture, SweepOptions options, Progress progress) {
        SinkPart part = new SinkPart();
        Survey.run(capture, List.of(part), options, progress);
        return part.report(capture.tokens());
    }
}
