package org.headlight.engine.kernel;

import java.util.Arrays;

/** The kernels in plain Java: the reference, and what runs where the Vector API cannot. */
final class ScalarKernels implements AttentionKernels {

    @Override
    public String name() {
        return "scalar";
    }

    @Override
    public void scores(
            float[] queries,
            int depth,
            float[] k,
            int kOffset,
            int keys,
            float[] target,
            int offset) {
        for (int key = 0; key < keys; key++) {
            int out = offset + key * LANES;
            Arrays.fill(target, out, out + LANES, 0);
            int row = kOffset + key * depth;
            for (int c = 0; c < depth; c++) {
                float value = k[row + c];
                int from = c * LANES;
                for (int lane = 0; lane < LANES; lane++) {
                    target[out + lane] += queries[from + lane] * value;
                }
            }
        }
    }

    @Override
    public void accumulate(
            float[] s, int offset, int keys, float[] max, float[] sum, float[] weighted) {
        for (int lane = 0; lane < LANES; lane++) {
            float before = max[lane];
            float top = before;
            for (int key = 0; key < keys; key++) {
                float score = s[offset + key * LANES + lane];
                top = score > top ? score : top;
            }
            if (top == Float.NEGATIVE_INFINITY) {
                continue;
            }
            float total = 0;
            float moment = 0;
            for (int key = 0; key < keys; key++) {
                float x = s[offset + key * LANES + lane] - top;
                x = x < FLOOR ? FLOOR : x;
                float e = Exp2.of(x);
                total += e;
                moment += e * x;
            }
            float shift = before - top;
            shift = shift < FLOOR ? FLOOR : shift;
            float f = Exp2.of(shift);
            weighted[lane] = f * (weighted[lane] + shift * sum[lane]) + moment;
            sum[lane] = f * sum[lane] + total;
            max[lane] = top;
        }
    }

    @Override
    public void normalize(
            float[] s, int offset, int keys, float[] max, float[] inverse, float[] least) {
        for (int key = 0; key < keys; key++) {
            int at = offset + key * LANES;
            for (int lane = 0; lane < LANES; lane++) {
                float x = s[at + lane] - max[lane];
                float p = x < FLOOR ? 0 : Exp2.of(x) * inverse[lane];
                s[at + lane] = p;
                if (p > 0 && p < least[lane]) {
                    least[lane] = p;
                }
            }
        }
    }

    @Override
    public void groupMax(float[] s, int offset, int keys, int phase, int group, float[] target) {
        int groups = (phase + keys + group - 1) / group;
        for (int g = 0; g < groups; g++) {
            int out = g * LANES;
            int from = Math.max(0, g * group - phase);
            int to = Math.min(keys, (g + 1) * group - phase);
            System.arraycopy(s, offset + from * LANES, target, out, LANES);
            for (int key = from + 1; key < to; key++) {
                int at = offset + key * LANES;
                for (int lane = 0; lane < LANES; lane++) {
                    float value = s[at + lane];
                    target[out + lane] = value > target[out + lane] ? value : target[out + lane];
                }
            }
        }
    }

    @Override
    public void groupSum(float[] s, int offset, int keys, int phase, int group, float[] target) {
        int groups = (phase + keys + group - 1) / group;
        for (int g = 0; g < groups; g++) {
            int out = g * LANES;
            int from = Math.max(0, g * group - phase);
            int to = Math.min(keys, (g + 1) * group - phase);
            System.arraycopy(s, offset + from * LANES, target, out, LANES);
            for (int key = from + 1; key < to; key++) {
                int at = offset + key * LANES;
                for (int lane = 0; lane < LANES; lane++) {
                    target[out + lane] += s[at + lane];
                }
            }
        }
    }
}
