package org.headlight.analysis.heads;

import org.headlight.analysis.survey.Survey;
import org.headlight.analysis.survey.SurveyPart;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.sweep.SweepConsumer;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

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
        Statistics part = new Statistics(epsilon);
        Survey.run(capture, List.of(part), options, progress);
        return List.copyOf(part.found);
    }

    /** The statistics alone. */
    private static final class Statistics implements SurveyPart {
        private final double epsilon;
        private final List<HeadStatistics> found = new ArrayList<>();
        private @Nullable SiteCapture site;
        private @Nullable TokenIndex tokens;
        private @Nullable HeadStatisticsConsumer consumer;
        private int head;

        Statistics(double epsilon) {
            this.epsilon = epsilon;
        }

        @Override
        public List<SweepConsumer> begin(SiteCapture ofSite, int siteIndex, int ofHead) {
            if (!ofSite.equals(site)) {
                site = ofSite;
                tokens = HeadStudy.index(ofSite);
            }
            head = ofHead;
            HeadStatisticsConsumer now =
                    new HeadStatisticsConsumer(ofSite.heads().get(ofHead), tokens);
            consumer = now;
            return List.of(now);
        }

        @Override
        public void end() {
            SiteCapture of = Objects.requireNonNull(site);
            found.add(
                    Objects.requireNonNull(consumer)
                            .result(of.layer(), head, of.headName(head), epsilon));
        }
    }
}
