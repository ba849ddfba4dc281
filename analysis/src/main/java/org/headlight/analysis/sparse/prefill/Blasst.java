package org.headlight.analysis.sparse.prefill;

import org.headlight.analysis.sparse.Parameter;
import org.headlight.analysis.sparse.Phase;
import org.headlight.analysis.sparse.Plan;
import org.headlight.analysis.sparse.Planner;
import org.headlight.analysis.sparse.Policy;
import org.headlight.analysis.sparse.PolicyInfo;
import org.headlight.analysis.sparse.PolicyRun;
import org.headlight.analysis.sparse.Settings;
import org.headlight.analysis.sparse.Unit;
import org.headlight.engine.attend.Selection;

/**
 * BLASST (2025): within the running softmax, tiles whose scores lie far below what their queries
 * have seen are not taken in: no exponentials, no values. Scores are computed for all.
 */
public final class Blasst implements Policy {
    private static final double LARGEST = 0.99;
    private static final PolicyInfo INFO =
            PolicyInfo.full(
                    "blasst",
                    "BLASST",
                    "Yuan et al. 2025, arXiv 2512.12087",
                    Phase.PREFILL,
                    Unit.BLOCK,
                    "Computes every score and skips the softmax and the values of tiles that"
                            + " weigh next to nothing; it is the method itself, its limit not"
                            + " calibrated for the model.",
                    Parameter.real(
                            "a",
                            "The limit of a weight against the largest so far, times the number of"
                                    + " tokens (a; lambda = a / N): larger skips more",
                            8,
                            0,
                            100_000));

    @Override
    public PolicyInfo info() {
        return INFO;
    }

    @Override
    public Planner start(Settings settings, PolicyRun run) {
        double a = settings.real("a");
        return (site, progress) ->
                new Plan.Selected(
                        Selection.skipping(Math.min(LARGEST, a / Math.max(1, site.keys()))));
    }
}
