package org.headlight.analysis.heads.probe;

import org.headlight.engine.attention.SiteKind;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.model.Model;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.sweep.Sweep;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;

import java.util.ArrayList;
import java.util.List;

/**
 * What every head of self-attention does on a text of random tokens that repeat.
 *
 * @param names such as L3H5, in the order of the sites, then of the heads
 * @param scores in the same order
 */
public record HeadProbe(List<String> names, List<ProbeScores.Scores> scores) {

    public HeadProbe {
        names = List.copyOf(names);
        scores = List.copyOf(scores);
    }

    /**
     * Runs a model over a probe.
     *
     * @throws BadInputException when the model has no self-attention, or does not take such tokens
     * @throws org.headlight.engine.problem.TooLargeException when it would not fit
     * @throws org.headlight.engine.problem.CancelledException when the progress says so
     */
    public static HeadProbe of(
            Model model, RepeatedText text, SweepOptions options, Progress progress) {
        List<String> names = new ArrayList<>();
        List<ProbeScores.Scores> scores = new ArrayList<>();
        try (Capture capture = model.capture(text.tokens(), progress.part(0, 0.6))) {
            List<SiteCapture> sites =
                    capture.sites().stream().filter(s -> s.kind() == SiteKind.SELF).toList();
            if (sites.isEmpty()) {
                throw new BadInputException(
                        model.info().name()
                                + " has no self-attention, which a probe of repeats looks at.");
            }
            Progress reading = progress.part(0.6, 1);
            for (SiteCapture site : sites) {
                for (int head = 0; head < site.heads().size(); head++) {
                    reading.check();
                    ProbeScores probe = new ProbeScores(text);
                    Sweep.run(
                            site.heads().get(head),
                            List.of(probe),
                            options.withRowStep(1),
                            Progress.NONE);
                    names.add(site.headName(head));
                    scores.add(probe.scores());
                }
                reading.at(
                        (sites.indexOf(site) + 1.0) / sites.size(), "Probed layer " + site.layer());
            }
        }
        return new HeadProbe(names, scores);
    }
}
