package org.headlight.analysis.heads;

import org.headlight.analysis.heads.likeness.Distances;
import org.headlight.analysis.heads.likeness.RowSample;
import org.headlight.analysis.heads.pattern.PatternSettings;
import org.headlight.analysis.survey.SurveyPart;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.kernel.AttentionKernels;
import org.headlight.engine.sweep.SweepConsumer;
import org.headlight.engine.task.Progress;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** What each head is: gathers a {@link HeadAtlas}. */
public final class AtlasPart implements SurveyPart {
    private final AttentionKernels kernels;
    private final double epsilon;
    private final List<HeadPortrait> heads = new ArrayList<>();
    private final List<RowSample> samples = new ArrayList<>();
    private @Nullable SiteCapture site;
    private @Nullable TokenIndex tokens;
    private @Nullable HeadStudy study;
    private @Nullable MapSums sums;

    /**
     * An atlas without heads yet.
     *
     * @param epsilon received mass above which key 0 counts as a sink
     */
    public AtlasPart(AttentionKernels kernels, double epsilon) {
        this.kernels = kernels;
        this.epsilon = epsilon;
    }

    @Override
    public List<SweepConsumer> begin(SiteCapture ofSite, int siteIndex, int head) {
        if (!ofSite.equals(site)) {
            site = ofSite;
            tokens = HeadStudy.index(ofSite);
        }
        PatternSettings patterns = PatternSettings.forLength(ofSite.keyTokens().size());
        HeadStudy now = new HeadStudy(ofSite, siteIndex, head, tokens, patterns, kernels);
        study = now;
        return now.consumers();
    }

    @Override
    public void end() {
        HeadStudy swept = Objects.requireNonNull(study);
        MapSums found = swept.sums();
        sums = found;
        heads.add(swept.portrait(found, epsilon));
        samples.add(swept.sample());
    }

    /** What a key received from all rows of the head that was swept last. */
    public double column(int key) {
        return Objects.requireNonNull(sums).column(key);
    }

    /** Sum of A |q - k| over all rows of the head that was swept last. */
    public double distance() {
        return Objects.requireNonNull(sums).distance();
    }

    /** The atlas of the heads that were swept. */
    public HeadAtlas atlas(Progress progress) {
        return new HeadAtlas(heads, samples, Distances.of(samples, progress));
    }
}
