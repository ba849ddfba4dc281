package org.headlight.engine.attend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.kernel.FlashKernels;
import org.headlight.engine.task.Progress;

import java.util.Arrays;
import java.util.Random;

/** Random attention inputs and the comparison with the naive twin. */
public final class AttentionCase {
    private AttentionCase() {}

    public static float[] noise(int size, double sigma, long seed) {
        Random random = new Random(seed);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) (sigma * random.nextGaussian());
        }
        return values;
    }

    /**
     * Random queries, keys and values.
     *
     * @param shape H, KV, N, M, D, Dv
     * @param spread standard deviation of the scores
     */
    public static AttentionInput input(AttentionMask mask, double spread, int... shape) {
        int heads = shape[0];
        int keyHeads = shape[1];
        int n = shape[2];
        int m = shape[3];
        int depth = shape[4];
        int width = shape[5];
        return AttentionInput.of(
                HeadArray.headsFirst(noise(heads * n * depth, spread, n), heads, n, depth),
                HeadArray.headsFirst(noise(keyHeads * m * depth, 1, m + 1), keyHeads, m, depth),
                HeadArray.headsFirst(noise(keyHeads * m * width, 1, m + 2), keyHeads, m, width),
                (float) (1 / Math.sqrt(depth)),
                mask);
    }

    static AttentionOutput run(FlashKernels kernels, AttentionInput input, Selection selection) {
        HeadArray q = input.q();
        AttentionOutput output = AttentionOutput.allocate(q.heads(), q.rows(), input.v().width());
        // What was there before must not shine through.
        Arrays.fill(output.out().values(), Float.NaN);
        Arrays.fill(output.lse(), Float.NaN);
        try (Attention attention = new Attention(kernels, 2)) {
            attention.run(input, selection, output, Progress.NONE);
        }
        return output;
    }

    /** Compares every row, or every {@code step}th of a large case. */
    public static void check(
            String name,
            AttentionInput input,
            NaiveAttention.Chosen chosen,
            AttentionOutput output,
            double tolerance) {
        NaiveAttention naive = new NaiveAttention(input, chosen);
        HeadArray out = output.out();
        int step = Math.max(1, out.rows() / 130);
        for (int head = 0; head < out.heads(); head++) {
            for (int row = 0; row < out.rows(); row++) {
                if (row % step != 0 && row != out.rows() - 1) {
                    continue;
                }
                double[] truth = naive.row(head, row);
                double lse = output.lse()[head * out.rows() + row];
                String where = name + ", head " + head + ", row " + row;
                if (truth[out.width()] == Double.NEGATIVE_INFINITY) {
                    assertThat(lse).as(where).isEqualTo(Double.NEGATIVE_INFINITY);
                } else {
                    assertThat(lse).as(where).isCloseTo(truth[out.width()], within(2 * tolerance));
                }
                for (int d = 0; d < out.width(); d++) {
                    assertThat((double) out.values()[out.at(head, row) + d])
                            .as("%s, channel %d", where, d)
                            .isCloseTo(truth[d], within(tolerance));
                }
            }
        }
    }
}
