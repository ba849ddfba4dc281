package org.headlight.analysis.survey;

import org.headlight.analysis.sinks.HeadReceived;
import org.headlight.analysis.sinks.ReceivedMassConsumer;
import org.headlight.analysis.sinks.SinkReport;
import org.headlight.engine.attention.SiteKind;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.sweep.SweepConsumer;
import org.headlight.engine.token.Token;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** What each key receives: takes the sums over columns from the atlas that goes before it. */
public final class SinkPart implements SurveyPart {
    private final AtlasPart atlas;
    private final List<HeadReceived> heads = new ArrayList<>();
    private @Nullable SiteCapture site;
    private @Nullable ReceivedMassConsumer consumer;
    private int siteIndex;
    private int head;

    /**
     * A report without heads yet.
     *
     * @param atlas a part that is ended before this one
     */
    public SinkPart(AtlasPart atlas) {
        this.atlas = atlas;
    }

    @Override
    public List<SweepConsumer> begin(SiteCapture ofSite, int ofSiteIndex, int ofHead) {
        site = ofSite;
        siteIndex = ofSiteIndex;
        head = ofHead;
        ReceivedMassConsumer now =
                ReceivedMassConsumer.withoutSums(
                        ofSite.heads().get(ofHead), ofSite.kind() == SiteKind.SELF);
        consumer = now;
        return List.of(now);
    }

    @Override
    public void end() {
        SiteCapture of = Objects.requireNonNull(site);
        heads.add(
                new HeadReceived(
                        siteIndex,
                        of.layer(),
                        of.kind(),
                        head,
                        of.headName(head),
                        Objects.requireNonNull(consumer).result(atlas.sums()::column),
                        of.keyTokens()));
    }

    /** The report of the heads that were swept. */
    public SinkReport report(List<Token> tokens) {
        return new SinkReport(tokens, heads);
    }
}
