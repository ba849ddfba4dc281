package org.headlight.analysis.rhythm;

import org.headlight.analysis.survey.SurveyPart;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.sweep.SweepConsumer;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.function.DoubleSupplier;

/** WAAD and FAI of each row and head, and the rhythm that they make. */
public final class RhythmPart implements SurveyPart {
    private final RhythmSweep sweep;
    private final @Nullable DoubleSupplier distance;
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
        this.distance = null;
    }

    /**
     * A rhythm of the whole text, that need not measure distances.
     *
     * @param distance sum of A x (t - s) over all rows of the head that was swept last, by a part
     *     that is ended before this one
     * @throws org.headlight.engine.problem.BadInputException when there is no causal self-attention
     */
    public RhythmPart(Capture capture, RhythmSettings settings, DoubleSupplier distance) {
        this.sweep = RhythmSweep.of(capture, 0, settings);
        this.distance = distance;
    }

    @Override
    public List<SweepConsumer> begin(SiteCapture site, int siteIndex, int head) {
        if (!sweep.sites().contains(site)) {
            consumer = null;
            return List.of();
        }
        RhythmConsumer now =
                distance == null ? sweep.consumer(site, head) : sweep.withoutDistance(site, head);
        consumer = now;
        return List.of(now);
    }

    @Override
    public void end() {
        RhythmConsumer swept = consumer;
        if (swept != null) {
            sweep.take(swept, distance == null ? 0 : distance.getAsDouble());
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
