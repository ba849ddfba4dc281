package org.headlight.analysis.survey;

import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.sweep.Sweep;
import org.headlight.engine.sweep.SweepConsumer;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;

import java.util.ArrayList;
import java.util.List;

/** Sweeps every head of a capture once, with all analyses that want to see it. */
public final class Survey {
    private Survey() {}

    /**
     * Sweeps the heads, site by site. The parts are begun and ended in their order, so that a part
     * may use what an earlier one found of the same head. A head that no part wants to see is not
     * swept.
     *
     * @param options how the maps are walked; every row is always seen
     * @throws org.headlight.engine.problem.CancelledException when the progress says so
     */
    public static void run(
            Capture capture, List<SurveyPart> parts, SweepOptions options, Progress progress) {
        SweepOptions whole = options.withRowStep(1);
        int count = capture.sites().stream().mapToInt(site -> site.heads().size()).sum();
        int done = 0;
        for (int s = 0; s < capture.sites().size(); s++) {
            SiteCapture site = capture.sites().get(s);
            for (int head = 0; head < site.heads().size(); head++) {
                progress.check();
                List<SweepConsumer> consumers = new ArrayList<>();
                for (SurveyPart part : parts) {
                    consumers.addAll(part.begin(site, s, head));
                }
                Progress share = progress.part((double) done / count, (done + 1.0) / count);
                if (!consumers.isEmpty()) {
                    Sweep.run(site.heads().get(head), consumers, whole, share);
                }
                parts.forEach(SurveyPart::end);
                done++;
                progress.at((double) done / count, "Measured " + site.headName(head));
            }
        }
    }
}
