package org.headlight.analysis.sparse.prefill;

import org.headlight.analysis.sparse.select.Compact;
import org.headlight.engine.attend.AntidiagonalScores;
import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.attend.BlockCsr;
import org.headlight.engine.attend.BlockRule;
import org.headlight.engine.attend.BlockScorer;
import org.headlight.engine.attend.HeadArray;
import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;

import java.util.Optional;

/** Antidiagonal block scores of all heads of a site, whatever their masks. */
final class AntidiagonalEstimate implements AutoCloseable {
    private final AntidiagonalScores scores;
    private float[] sums = new float[0];

    AntidiagonalEstimate(SweepOptions sweep) {
        this.scores = new AntidiagonalScores(sweep.kernels(), sweep.threads());
    }

    /**
     * Block sums of all heads, [H, ceil(N / block), ceil(M / block)]; overwritten by the next call.
     *
     * @param scorer scores where it can; else the processor does
     */
    float[] scores(
            AttentionInput input, BlockScorer scorer, int stride, int block, Progress progress) {
        HeadArray q = input.q();
        int cells = Math.ceilDiv(q.rows(), block) * Math.ceilDiv(input.k().rows(), block);
        if (sums.length < q.heads() * cells) {
            sums = new float[Math.multiplyExact(q.heads(), cells)];
        }
        if (oneMask(input)) {
            score(input, scorer, groups(input, 0, stride, block), sums, progress);
            return sums;
        }
        float[] own = new float[cells];
        AttentionInput compact = compact(input);
        for (int head = 0; head < q.heads(); head++) {
            AntidiagonalScores.Groups groups = groups(input, head, stride, block);
            score(compact.head(head), scorer, groups, own, progress);
            System.arraycopy(own, 0, sums, head * cells, cells);
        }
        return sums;
    }

    private void score(
            AttentionInput input,
            BlockScorer scorer,
            AntidiagonalScores.Groups groups,
            float[] target,
            Progress progress) {
        if (scorer.can(input, groups)) {
            scorer.score(input, groups, target, progress);
        } else {
            scores.score(compact(input), groups, target, progress);
        }
    }

    /** Keys without gaps, as the processor wants them. */
    private static AttentionInput compact(AttentionInput input) {
        return input.with(input.q(), Compact.rows(input.k()), input.v());
    }

    /**
     * The blocks that a rule chooses where attention is computed; empty where that cannot be done
     * there.
     */
    Optional<BlockCsr> chosen(
            AttentionInput input,
            BlockScorer scorer,
            int stride,
            int block,
            BlockRule rule,
            Progress progress) {
        return oneMask(input)
                ? scorer.choose(input, groups(input, 0, stride, block), rule, progress)
                : Optional.empty();
    }

    private static boolean oneMask(AttentionInput input) {
        for (int head = 1; head < input.q().heads(); head++) {
            if (!input.mask(head).equals(input.mask(0))) {
                return false;
            }
        }
        return true;
    }

    private static AntidiagonalScores.Groups groups(
            AttentionInput input, int head, int stride, int block) {
        AttentionMask mask = input.mask(head);
        int last = input.q().rows() - 1;
        int first = Math.max(0, mask.firstKey(last));
        boolean window = mask.causal() && mask.unbiased() && first > 0;
        return new AntidiagonalScores.Groups(
                stride, block, mask.causal(), window ? mask.endKey(last) - first : 0);
    }

    @Override
    public void close() {
        scores.close();
    }
}
