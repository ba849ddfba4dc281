package org.headlight.analysis.antidiagonal;

import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.sweep.Sweep;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;

import java.util.ArrayList;
import java.util.List;

/** The method on heads of a capture: scores, choice of blocks, and what they hold in truth. */
public final class XAttention {
    private XAttention() {}

    /** Sweeps a head for the true mass of its blocks. */
    public static BlockMass mass(
            HeadAttention head, int cell, SweepOptions options, Progress progress) {
        BlockMass mass = new BlockMass(head, cell);
        Sweep.run(head, List.of(mass), options.withRowStep(1), progress);
        return mass;
    }

    /**
     * Every head of a capture, in order.
     *
     * @throws BadInputException when the capture has only probabilities
     * @throws org.headlight.engine.problem.CancelledException when the progress says so
     */
    public static List<HeadBlocks> survey(
            Capture capture, XAttentionOptions options, SweepOptions sweep, Progress progress) {
        int count = capture.sites().stream().mapToInt(site -> site.heads().size()).sum();
        List<HeadBlocks> all = new ArrayList<>(count);
        try (AntidiagonalScorer scorer = new AntidiagonalScorer(sweep.kernels(), sweep.threads())) {
            for (SiteCapture site : capture.sites()) {
                for (int number = 0; number < site.heads().size(); number++) {
                    progress.check();
                    HeadAttention head = site.heads().get(number);
                    BlockTable scores = scorer.score(head, options, Progress.NONE);
                    double done = all.size();
                    BlockMass mass =
                            mass(
                                    head,
                                    options.block(),
                                    sweep,
                                    progress.part(done / count, (done + 1) / count));
                    all.add(HeadBlocks.of(site, number, scores, mass, options));
                    progress.at((done + 1) / count, "Measured " + site.headName(number));
                }
            }
        }
        return all;
    }
}
