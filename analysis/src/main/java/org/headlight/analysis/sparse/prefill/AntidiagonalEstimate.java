package org.headlight.analysis.sparse.prefill;

import org.headlight.analysis.sparse.select.Compact;
import org.headlight.engine.attend.AntidiagonalScores;
import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.attend.HeadArray;
import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;

/** Antidiagonal block scores of all heads of a site, whatever their masks. */
final class AntidiagonalEstimate implements AutoCloseable {
    private final AntidiagonalScores scores;
    private float[] sums = new float[0];

    AntidiagonalEstimate(SweepOptions sweep) {
        this.scores = new AntidiagonalScores(sweep.kernels(), sweep.threads());
    }

    /**
     * Block sums of all heads, [H, ceil(N / block), ceil(M / block)]; overwritten by the next call.
     */
    float[] scores(AttentionInput input, int stride, int block, Progress progress) {
        HeadArray q = input.q();
        HeadArray k = Compact.rows(input.k());
        int cells = Math.ceilDiv(q.rows(), block) * Math.ceilDiv(k.rows(), block);
        if (sums.length < q.heads() * cells) {
            sums = new float[Math.multiplyExact(q.heads(), cells)];
        }
        if (oneMask(input)) {
            scores.run(q, k, input.scale(), groups(input, 0, stride, block), sums, progress);
            return sums;
        }
        float[] own = new float[cells];
        for (int head = 0; head < q.heads(); head++) {
            AntidiagonalScores.Groups groups = groups(input, head, stride, block);
            HeadArray keys = k.head(input.keyHead(head));
            scores.run(q.head(head), keys, input.scale(), groups, own, progress);
            System.arraycopy(own, 0, sums, head * cells, cells);
        }
        return sums;
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
