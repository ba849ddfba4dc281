package org.headlight.analysis.sinks;

import org.headlight.analysis.survey.SurveyPart;
import org.headlight.engine.attention.SiteKind;
import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.sweep.SweepConsumer;
import org.headlight.engine.token.Token;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.IntToDoubleFunction;

/** What each key receives. */
public final class SinkPart implements SurveyPart {
    private final @Nullable IntToDoubleFunction columns;
    private final List<HeadReceived> heads = new ArrayList<>();
    private @Nullable SiteCapture site;
    private @Nullable ReceivedMassConsumer consumer;
    private int siteIndex;
    private int head;

    /** A report without heads yet. */
    public SinkPart() {
        this.columns = null;
    }

    /**
     * A report without heads yet, that need not add up columns.
     *
     * @param columns what a key received from all rows of the head that was swept last, by a part
     *     that is ended before this one
     */
    public SinkPart(IntToDoubleFunction columns) {
        this.columns = columns;
    }

    @Override
    public List<SweepConsumer> begin(SiteCapture ofSite, int ofSiteIndex, int ofHead) {
        site = ofSite;
        siteIndex = ofSiteIndex;
        head = ofHead;
        HeadAttention attention = ofSite.heads().get(ofHead);
        boolean ordered = ofSite.kind() == SiteKind.SELF;
        ReceivedMassConsumer now =
                columns == null
                        ? new ReceivedMassConsumer(attention, ordered)
                        : ReceivedMassConsumer.withoutSums(attention, ordered);
        consumer = now;
        return List.of(now);
    }

    @Override
    public void end() {
        SiteCapture of = Objects.requireNonNull(site);
        ReceivedMassConsumer swept = Objects.requireNonNull(consumer);
        heads.add(
                new HeadReceived(
                        siteIndex,
                        of.layer(),
                        of.kind(),
                        head,
                        of.headName(head),
                        columns == null ? swept.result() : swept.result(columns),
                        of.keyTokens()));
    }

    /** The report of the heads that were swept. */
    public SinkReport report(List<Token> tokens) {
        return new SinkReport(tokens, heads);
    }
}
