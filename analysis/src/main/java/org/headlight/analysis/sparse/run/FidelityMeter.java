package org.headlight.analysis.sparse.run;

import org.headlight.analysis.sparse.PolicyInfo;
import org.headlight.analysis.sparse.Unit;
import org.headlight.analysis.sparse.select.Rows;
import org.headlight.analysis.sparse.select.SiteMaps;
import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.attend.AttentionOutput;
import org.headlight.engine.attend.HeadArray;
import org.headlight.engine.attend.Selection;
import org.headlight.engine.attention.SiteKind;
import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.cut.HeadAddress;
import org.headlight.engine.cut.SiteAttend;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Holds what a phase gave against dense attention over the same queries, keys and values. The share
 * of a row's probability that its kept keys hold is e^(log-sum-exp sparse - log-sum-exp dense).
 */
final class FidelityMeter {
    private final PhaseWork work;
    private final AttentionOutput dense;
    private final SweepOptions sweep;
    private final boolean oracle;

    /**
     * @param kernels compute the dense attention
     * @param oracle whether to look for the best choice of as many pairs, which takes another walk
     *     over the map
     */
    FidelityMeter(PhaseWork work, SiteAttend kernels, SweepOptions sweep, boolean oracle) {
        this.work = work;
        this.sweep = sweep;
        this.oracle = oracle;
        HeadArray out = work.output().out();
        this.dense = AttentionOutput.allocate(out.heads(), out.rows(), out.width());
        kernels.attend(work.input(), Selection.dense(), dense);
    }

    /** What every sparse head kept and lost. */
    List<HeadFidelity> heads(Progress progress) {
        List<HeadFidelity> all = new ArrayList<>();
        for (int head = 0; head < work.input().q().heads(); head++) {
            progress.check();
            Optional<PolicyChoice> choice = work.choice(head);
            if (choice.isPresent()) {
                all.add(measure(head, choice.get(), progress));
            }
        }
        return all;
    }

    /** The share of the layer's output that is wrong, over all its heads. */
    double layerError() {
        double wrong = 0;
        double all = 0;
        for (int head = 0; head < dense.out().heads(); head++) {
            double[] both = squares(head);
            wrong += both[0];
            all += both[1];
        }
        return all == 0 ? 0 : Math.sqrt(wrong / all);
    }

    private HeadFidelity measure(int head, PolicyChoice choice, Progress progress) {
        Optional<KeptMap> kept = work.kept(head);
        PairCount pairs = new PairCount(work.input().mask(head), work.input().k().rows());
        kept.ifPresent(map -> pairs.count(map));
        if (kept.isEmpty()) {
            pairs.visible(work.input().q().rows());
        }
        double[] both = squares(head);
        return new HeadFidelity(
                new HeadAddress(work.site().layer(), SiteKind.SELF, head),
                work.phase(),
                choice,
                (double) work.pairs(head) / Math.max(1, pairs.visible()),
                density(head, kept.isPresent(), pairs),
                choice.info().recallCounts() && !keepsAll(head)
                        ? recall(head, choice.info(), kept, pairs, progress)
                        : RecallShares.NONE,
                both[1] == 0 ? 0 : Math.sqrt(both[0] / both[1]),
                kept);
    }

    /** Of values where no list says what is kept, but pieces were skipped. */
    private double density(int head, boolean listed, PairCount pairs) {
        if (listed) {
            return (double) pairs.kept() / Math.max(1, pairs.visible());
        }
        return work.skips(head)
                ? (double) work.weighed(head) / Math.max(1, work.pairs(head))
                : Double.NaN;
    }

    /** Whether a head that might have skipped something did not. */
    private boolean keepsAll(int head) {
        return work.skips(head) && work.weighed(head) == work.pairs(head);
    }

    /** Squared norms of the error and of the dense output. */
    private double[] squares(int head) {
        HeadArray sparse = work.output().out();
        HeadArray truth = dense.out();
        double wrong = 0;
        double all = 0;
        for (int row = 0; row < truth.rows(); row++) {
            int a = sparse.at(head, row);
            int b = truth.at(head, row);
            for (int d = 0; d < truth.width(); d++) {
                double was = truth.values()[b + d];
                double off = sparse.values()[a + d] - was;
                wrong += off * off;
                all += was * was;
            }
        }
        return new double[] {wrong, all};
    }

    private RecallShares recall(
            int head, PolicyInfo info, Optional<KeptMap> kept, PairCount pairs, Progress progress) {
        AttentionInput input = work.input();
        int rows = input.q().rows();
        double[] shares = new double[rows];
        double[] rest = new double[rows];
        for (int row = 0; row < rows; row++) {
            int at = head * rows + row;
            boolean whole = kept.isPresent() && pairs.whole(row);
            double all = dense.lse()[at];
            if (whole || all == Double.NEGATIVE_INFINITY) {
                shares[row] = Double.NaN;
                rest[row] = Double.NaN;
                continue;
            }
            shares[row] = Math.min(1, Math.exp(work.output().lse()[at] - all));
            double first = first(input, head, row, all);
            double held = kept.isEmpty() || pairs.first(row) ? first : 0;
            rest[row] =
                    1 - first > 1e-6
                            ? Math.clamp((shares[row] - held) / (1 - first), 0, 1)
                            : Double.NaN;
        }
        double best = Double.NaN;
        if (oracle && kept.isPresent()) {
            OracleRecall search = new OracleRecall(SiteMaps.map(input, head), sweep);
            best =
                    info.unit() == Unit.BLOCK
                            ? search.ofBlocks(pairs.kept(), progress)
                            : search.ofKeys(pairs::keptIn, pairs::whole, progress);
        }
        return RecallShares.of(shares, rest, best);
    }

    /** The dense probability of key 0. */
    private static double first(AttentionInput input, int head, int row, double lse) {
        AttentionMask mask = input.mask(head);
        if (mask.firstKey(row) > 0 || mask.endKey(row) < 1 || mask.masked(row, 0)) {
            return 0;
        }
        return Math.exp(Rows.score(input, head, row, 0) - lse);
    }
}
