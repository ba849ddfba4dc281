package org.headlight.analysis.rhythm;

import org.headlight.analysis.survey.SurveyPart;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.sweep.SweepConsumer;
import org.jspecify.annotations.Nullable;

import java.util.List;

/** WAAD and FAI of each row and head, and the rhythm that they make. */
public final class RhythmPart implements SurveyPart {
    private final RhythmSweep sweep;
    private @Nullable RhythmConsumer consumer;

    /**
     * A rhythm without heads yet.
     *
     * @param from position of the first token of the response
     * @throws org.headlight.engine.problem.BadInputException when there is no causal
     *     self-attention, or no response
     */
    public RhythmPart(Capture capture, int from, RhythmSettings settings) {
        this.sweep = RhythmSweep.of(capture, from, settings);
    }

    @Override
    public List<SweepConsumer> begin(SiteCapture site, int siteIndex, int head) {
        if (!sweep.sites().contains(site)) {
            consumer = null;
            return List.of();
        }
        RhythmConsumer now = sweep.consumer(site, head);
        consumer = now;
        return List.of(now);
    }

    @Override
    public void end() {
        RhythmConsumer swept = consumer;
        if (swept != null) {
            sweep.take(swept);
        }
    }

    /**
     * The rhythm, after all heads.
     *
     * @param entropy of the distribution that each token was drawn from, [N]; null where there are
     *     no logits
     */
    public Rhythm rhythm(double @Nullable [] entropy) {
        return sweep.result(entropy);
    }
}
