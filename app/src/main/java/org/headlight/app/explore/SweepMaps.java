package org.headlight.app.explore;

import org.headlight.analysis.heads.HeadStatistics;
import org.headlight.analysis.heads.HeadStatisticsConsumer;
import org.headlight.analysis.heads.HeadSurvey;
import org.headlight.analysis.heads.TokenIndex;
import org.headlight.engine.attention.SiteKind;
import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.task.Progress;
import org.headlight.viz.raster.AttentionMap;
import org.headlight.viz.raster.MapBuilder;
import org.headlight.viz.raster.NumberText;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Maps and numbers from one sweep a head. */
public final class SweepMaps implements MapFactory {
    private static final long SLOW_CELLS = 3_000L * 3_000L;
    private static final Set<Integer> SINK = Set.of(0);

    private final MapBuilder builder;

    public SweepMaps(MapBuilder builder) {
        this.builder = builder;
    }

    @Override
    public boolean slow(HeadAttention head) {
        return (long) head.rows() * head.cols() > SLOW_CELLS;
    }

    @Override
    public AttentionMap preview(HeadAttention head, boolean dropSink, Progress progress) {
        return builder.preview(head, dropped(dropSink), progress);
    }

    @Override
    public HeadView exact(SiteCapture site, int head, boolean dropSink, Progress progress) {
        HeadAttention attention = site.heads().get(head);
        if (dropSink) {
            return new HeadView(builder.full(attention, SINK, progress), null);
        }
        boolean self = site.kind() == SiteKind.SELF;
        HeadStatisticsConsumer numbers =
                new HeadStatisticsConsumer(
                        attention, self ? new TokenIndex(site.keyTokens()) : null);
        AttentionMap map = builder.full(attention, Set.of(), List.of(numbers), progress);
        return new HeadView(
                map,
                report(
                        numbers.result(
                                site.layer(), head, site.headName(head), HeadSurvey.SINK_EPSILON)));
    }

    private static Set<Integer> dropped(boolean dropSink) {
        return dropSink ? SINK : Set.of();
    }

    private static HeadReport report(HeadStatistics s) {
        List<Statistic> all = new ArrayList<>();
        all.add(
                new Statistic(
                        "entropy",
                        NumberText.amount(s.entropy()) + " nats",
                        "Mean over rows of \u2212\u03a3 A ln A: how widely a query spreads."));
        add(
                all,
                "mean distance",
                s.meanDistance(),
                "Mean over rows of \u03a3 A |q \u2212 k|, in tokens: how far a query looks.");
        add(
                all,
                "on first key",
                s.received0(),
                "Mean over rows of A[q, 0]: what a sink at the first key takes (\u03b1\u2080).");
        add(
                all,
                "previous token",
                s.previousToken(),
                "Share of all attention on the token before the query.");
        add(
                all,
                "duplicate token",
                s.duplicateToken(),
                "Share of all attention on earlier copies of the query's token.");
        add(
                all,
                "induction",
                s.induction(),
                "Share of all attention on what followed an earlier copy of the query's token.");
        add(
                all,
                "locality (\u2264 4)",
                s.locality(),
                "Mean over rows of the mass within four tokens of the query.");
        add(
                all,
                "confidence",
                s.confidence(),
                "Mean over rows of the largest probability of the row.");
        return new HeadReport(all, s.received0());
    }

    private static void add(List<Statistic> all, String name, double value, String meaning) {
        if (!Double.isNaN(value)) {
            String text = value > 1 ? NumberText.amount(value) : NumberText.probability(value);
            all.add(new Statistic(name, text, meaning));
        }
    }
}
