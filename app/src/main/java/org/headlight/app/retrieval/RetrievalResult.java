package org.headlight.app.retrieval;

import org.headlight.analysis.retrieval.HeadMask;
import org.headlight.analysis.retrieval.MaskPhase;
import org.headlight.analysis.retrieval.MaskedTrial;
import org.headlight.analysis.retrieval.NeedleGrid;
import org.headlight.analysis.retrieval.RetrievalPlan;
import org.headlight.analysis.retrieval.RetrievalScores;
import org.headlight.analysis.retrieval.Trial;

import java.util.List;

/**
 * Trials with what was made of them.
 *
 * @param trials finished ones, maybe not all of the plan
 * @param masked what masking did; empty when nothing was masked
 */
public record RetrievalResult(
        String source, RetrievalPlan plan, List<Trial> trials, List<Masked> masked) {
    public RetrievalResult {
        trials = List.copyOf(trials);
        masked = List.copyOf(masked);
    }

    /**
     * Trials with heads masked.
     *
     * @param seed of the random heads
     */
    public record Masked(HeadMask mask, MaskPhase phase, long seed, List<MaskedTrial> trials) {
        public Masked {
            trials = List.copyOf(trials);
        }
    }

    /** The scores over what is there. */
    public RetrievalScores scores() {
        return RetrievalScores.of(trials, plan.settings().success());
    }

    /** The grid over what is there. */
    public NeedleGrid grid() {
        return NeedleGrid.of(plan, trials);
    }

    /** The grid of a mask. */
    public NeedleGrid grid(Masked of) {
        return NeedleGrid.of(plan, of.trials());
    }
}
