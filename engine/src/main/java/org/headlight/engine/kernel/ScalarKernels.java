package org.headlight.engine.kernel;

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
        int key = 0;
        // Sums in local variables: through memory, the compiler must fear that arrays overlap.
        for (; key + 2 <= keys; key += 2) {
            int row0 = kOffset + key * depth;
            int row1 = row0 + depth;
            int out = offset + key * LANES;
            for (int lane = 0; lane < LANES; lane += 4) {
                float a0 = 0;
                float a1 = 0;
                float a2 = 0;
                float a3 = 0;
                float b0 = 0;
                float b1 = 0;
                float b2 = 0;
                float b3 = 0;
                for (int c = 0; c < depth; c++) {
                    int from = c * LANES + lane;
                    float q0 = queries[from];
                    float q1 = queries[from + 1];
                    float q2 = queries[from + 2];
                    float q3 = queries[from + 3];
                    float x = k[row0 + c];
                    float y = k[row1 + c];
                    a0 += q0 * x;
                    a1 += q1 * x;
                    a2 += q2 * x;
                    a3 += q3 * x;
                    b0 += q0 * y;
                    b1 += q1 * y;
                    b2 += q2 * y;
                    b3 += q3 * y;
                }
                target[out + lane] = a0;
                target[out + lane + 1] = a1;
                target[out + lane + 2] = a2;
                target[out + lane + 3] = a3;
                target[out + LANES + lane] = b0;
                target[out + LANES + lane + 1] = b1;
                target[out + LANES + lane + 2] = b2;
                target[out + LANES + lane + 3] = b3;
            }
        }
        if (key < keys) {
            int row = kOffset + key * depth;
            for (int lane = 0; lane < LANES; lane++) {
                float a = 0;
                for (int c = 0; c < depth; c++) {
                    a += queries[c * LANES + lane] * k[row + c];
                }
                target[offset + key * LANES + lane] = a;
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

    @Override
    public void groups(
            float[] s, int offset, int keys, int phase, int group, float[] max, float[] sum) {
        groupMax(s, offset, keys, phase, group, max);
        groupSum(s, offset, keys, phase, group, sum);
    }

    @Override
    public void moments(
            float[] p,
            int offset,
            int keys,
            float[] position,
            int key,
            float[] distance,
            float[] largest) {
        for (int lane = 0; lane < LANES; lane++) {
            float at = position[lane];
            float far = 0;
            float top = largest[lane];
            for (int i = 0; i < keys; i++) {
                float value = p[offset + i * LANES + lane];
                far += value * Math.abs(at - (key + i));
                top = value > top ? value : top;
            }
            distance[lane] += far;
            largest[lane] = top;
        }
    }
}
