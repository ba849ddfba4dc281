package org.headlight.analysis.heads;

import org.headlight.engine.attention.SiteKind;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.sweep.Sweep;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** The statistics of every head of a capture, one sweep a head. */
public final class HeadSurvey {
    /** The threshold of "When Attention Sink Emerges" (arXiv 2410.10781). */
    public static final double SINK_EPSILON = 0.3;

    private HeadSurvey() {}

    /**
     * Surveys every head, site by site.
     *
     * @param options how the maps are walked; every row is always seen
     * @param epsilon received mass above which key 0 counts as a sink, such as {@link
     *     #SINK_EPSILON}
     * @return in the order of the sites, then of the heads
     * @throws org.headlight.engine.problem.CancelledException when the progress says so
     */
    public static List<HeadStatistics> of(
            Capture capture, SweepOptions options, double epsilon, Progress progress) {
        SweepOptions whole = options.withRowStep(1);
        int heads = capture.sites().stream().mapToInt(site -> site.heads().size()).sum();
        List<HeadStatistics> result = new ArrayList<>(heads);
        for (SiteCapture site : capture.sites()) {
            TokenIndex tokens = index(site);
            for (int head = 0; head < site.heads().size(); head++) {
                progress.check();
                String name = site.headName(head);
                HeadAttention attention = site.heads().get(head);
                HeadStatisticsConsumer consumer = new HeadStatisticsConsumer(attention, tokens);
                double done = result.size();
                Progress part = progress.part(done / heads, (done + 1) / heads);
                Sweep.run(attention, List.of(consumer), whole, part);
                result.add(consumer.result(site.layer(), head, name, epsilon));
                progress.at((done + 1) / heads, "Measured " + name);
            }
        }
        return result;
    }

    private static @Nullable TokenIndex index(SiteCapture site) {
        return site.kind() == SiteKind.CROSS ? null : new TokenIndex(site.keyTokens());
    }
}
