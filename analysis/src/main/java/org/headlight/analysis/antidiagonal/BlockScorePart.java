package org.headlight.analysis.antidiagonal;

import org.headlight.analysis.survey.SurveyPart;
import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.sweep.SweepConsumer;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;

import java.util.ArrayList;
import java.util.List;

/** Antidiagonal block scores of each head; none for a head whose queries are not known. */
public final class BlockScorePart implements SurveyPart, AutoCloseable {
    private final XAttentionOptions options;
    private final AntidiagonalScorer scorer;
    private final List<BlockTable> scores = new ArrayList<>();

    /** Scores with the kernels and threads of a sweep. */
    public BlockScorePart(XAttentionOptions options, SweepOptions sweep) {
        this.options = options;
        this.scorer = new AntidiagonalScorer(sweep.kernels(), sweep.threads());
    }

    @Override
    public List<SweepConsumer> begin(SiteCapture site, int siteIndex, int head) {
        HeadAttention attention = site.heads().get(head);
        if (attention instanceof QkHead) {
            scores.add(scorer.score(attention, options, Progress.NONE));
        }
        return List.of();
    }

    @Override
    public void end() {
        // Scores need no sweep.
    }

    /** The scores of the heads that have queries, in order. */
    public List<BlockTable> scores() {
        return List.copyOf(scores);
    }

    /** Ends the threads. */
    @Override
    public void close() {
        scorer.close();
    }
}
