package org.headlight.analysis.sinks;

import org.headlight.engine.attention.SiteKind;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.sweep.Sweep;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;

import java.util.ArrayList;
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
        SweepOptions whole = options.withRowStep(1);
        double heads = capture.sites().stream().mapToInt(site -> site.heads().size()).sum();
        List<HeadReceived> result = new ArrayList<>();
        for (int s = 0; s < capture.sites().size(); s++) {
            SiteCapture site = capture.sites().get(s);
            for (int head = 0; head < site.heads().size(); head++) {
                progress.check();
                HeadAttention attention = site.heads().get(head);
                ReceivedMassConsumer consumer =
                        new ReceivedMassConsumer(attention, site.kind() == SiteKind.SELF);
                Progress part = progress.part(result.size() / heads, (result.size() + 1) / heads);
                Sweep.run(attention, List.of(consumer), whole, part);
                result.add(
                        new HeadReceived(
                                s,
                                site.layer(),
                                site.kind(),
                                head,
                                site.headName(head),
                                consumer.result(),
                                site.keyTokens()));
            }
        }
        return new SinkReport(capture.tokens(), result);
    }
}
