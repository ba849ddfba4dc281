package org.headlight.engine.cut;

import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.attend.AttentionOutput;
import org.headlight.engine.attend.HeadArray;
import org.headlight.engine.capture.AttentionMask;

import java.util.Arrays;

/** A head that gives the mean of the values that its query sees; 0 where it sees none. */
final class UniformHead implements HeadHook {

    @Override
    public void attend(HeadCall head, HeadAttend next, AttentionOutput output) {
        AttentionInput input = head.input();
        AttentionMask mask = input.mask(0);
        HeadArray out = output.out();
        double[] sums = mask.unbiased() ? sums(input.v()) : new double[0];
        double[] mean = new double[out.width()];
        for (int row = 0; row < out.rows(); row++) {
            int first = Math.max(0, mask.firstKey(row));
            int end = Math.min(input.k().rows(), mask.endKey(row));
            Arrays.fill(mean, 0);
            int seen =
                    mask.unbiased()
                            ? between(sums, first, end, mean)
                            : visible(input.v(), mask, row, first, end, mean);
            int at = out.at(0, row);
            for (int d = 0; d < mean.length; d++) {
                out.values()[at + d] = seen == 0 ? 0 : (float) (mean[d] / seen);
            }
            output.lse()[row] = (float) Math.log(seen);
        }
    }

    /** Running sums of the values: [M + 1, Dv]. */
    private static double[] sums(HeadArray v) {
        int width = v.width();
        double[] sums = new double[Math.multiplyExact(v.rows() + 1, width)];
        for (int key = 0; key < v.rows(); key++) {
            int at = v.at(0, key);
            for (int d = 0; d < width; d++) {
                sums[(key + 1) * width + d] = sums[key * width + d] + v.values()[at + d];
            }
        }
        return sums;
    }

    private static int between(double[] sums, int first, int end, double[] target) {
        if (end <= first) {
            return 0;
        }
        int width = target.length;
        for (int d = 0; d < width; d++) {
            target[d] = sums[end * width + d] - sums[first * width + d];
        }
        return end - first;
    }

    private static int visible(
            HeadArray v, AttentionMask mask, int row, int first, int end, double[] target) {
        int seen = 0;
        for (int key = first; key < end; key++) {
            if (!mask.masked(row, key)) {
                seen++;
                int at = v.at(0, key);
                for (int d = 0; d < target.length; d++) {
                    target[d] += v.values()[at + d];
                }
            }
        }
        return seen;
    }
}
