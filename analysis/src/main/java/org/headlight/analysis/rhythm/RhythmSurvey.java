package org.headlight.analysis.rhythm;

import org.headlight.analysis.survey.Survey;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;
import org.jspecify.annotations.Nullable;

import java.util.List;

/** The rhythm of a response from one sweep a head. */
public final class RhythmSurvey {
    private RhythmSurvey() {}

    /**
     * Measures.
     *
     * @param from position of the first token of the response
     * @param entropy of the distribution that each token was drawn from, [N], as {@link
     *     TokenEntropy} gives it; null where there are no logits
     * @param options how the maps are walked; every row is always seen
     * @throws org.headlight.engine.problem.BadInputException when the capture has no causal
     *     self-attention, or there is no response
     * @throws org.headlight.engine.problem.CancelledException when the progress says so
     */
    public static Rhythm of(
            Capture capture,
            int from,
            double @Nullable [] entropy,
            RhythmSettings settings,
            SweepOptions options,
            Progress progress) {
        RhythmPart part = new RhythmPart(capture, from, settings);
        Survey.run(capture, List.of(part), options, progress);
        return part.rhythm(entropy);
    }
}
