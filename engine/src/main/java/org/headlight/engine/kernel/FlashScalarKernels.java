package org.headlight.engine.kernel;

/** Whole attention in plain Java: the reference, and what runs where there are no vectors. */
final class FlashScalarKernels implements FlashKernels {
    private static final int LANES = FlashTile.LANES;

    @Override
    public String name() {
        return "scalar";
    }

    @Override
    public void scores(FlashTile tile, float[] k, int offset, int stride, int keys) {
        float[] q = tile.packed();
        float[] s = tile.scores();
        int depth = tile.depth();
        for (int key = 0; key < keys; key++) {
            int row = offset + key * stride;
            int to = key * LANES;
            for (int lane = 0; lane < LANES; lane++) {
                s[to + lane] = 0;
            }
            for (int c = 0; c < depth; c++) {
                float x = k[row + c];
                int from = c * LANES;
                for (int lane = 0; lane < LANES; lane++) {
                    s[to + lane] += x * q[from + lane];
                }
            }
        }
    }

    @Override
    public void cap(float[] s, int count, float cap) {
        for (int i = 0; i < count; i++) {
            s[i] = cap * Tanh.of(s[i]);
        }
    }

    @Override
    public void hide(FlashTile tile, int key, int keys) {
        float[] s = tile.scores();
        float[] first = tile.first();
        float[] end = tile.end();
        for (int i = 0; i < keys; i++) {
            float position = (float) (key + i);
            for (int lane = 0; lane < LANES; lane++) {
                if (position < first[lane] || position >= end[lane]) {
                    s[i * LANES + lane] = Float.NEGATIVE_INFINITY;
                }
            }
        }
    }

    @Override
    public void soften(FlashTile tile, int keys) {
        float[] s = tile.scores();
        float[] max = tile.max();
        float[] sum = tile.sum();
        float[] alpha = tile.alpha();
        for (int lane = 0; lane < LANES; lane++) {
            float top = max[lane];
            for (int at = lane; at < keys * LANES; at += LANES) {
                top = s[at] > top ? s[at] : top;
            }
            alpha[lane] = power(max[lane] - top);
            max[lane] = top;
            float total = sum[lane] * alpha[lane];
            for (int at = lane; at < keys * LANES; at += LANES) {
                s[at] = power(s[at] - top);
                total += s[at];
            }
            sum[lane] = total;
        }
    }

    private static float power(float x) {
        return Exp2.of(x < FLOOR ? FLOOR : x);
    }

    @Override
    public void weigh(FlashTile tile, float[] v, int offset, int stride, int keys) {
        float[] p = tile.scores();
        float[] o = tile.output();
        float[] alpha = tile.alpha();
        for (int d = 0; d < tile.width(); d++) {
            int to = d * LANES;
            for (int lane = 0; lane < LANES; lane++) {
                o[to + lane] *= alpha[lane];
            }
            for (int key = 0; key < keys; key++) {
                float x = v[offset + key * stride + d];
                int from = key * LANES;
                for (int lane = 0; lane < LANES; lane++) {
                    o[to + lane] += x * p[from + lane];
                }
            }
        }
    }

    @Override
    public void dots(FlashRow row, float[] k, int offset, int stride, int count) {
        float[] q = row.query();
        for (int i = 0; i < count; i++) {
            int at = offset + row.keys()[i] * stride;
            float dot = 0;
            for (int c = 0; c < row.depth(); c++) {
                dot += q[c] * k[at + c];
            }
            row.scores()[i] = dot;
        }
    }

    @Override
    public void soften(FlashRow row, int count) {
        float[] s = row.scores();
        float max = FlashTile.NOTHING;
        for (int i = 0; i < count; i++) {
            max = s[i] > max ? s[i] : max;
        }
        float sum = 0;
        for (int i = 0; i < count; i++) {
            s[i] = power(s[i] - max);
            sum += s[i];
        }
        row.softened(max, sum);
    }

    @Override
    public void weigh(FlashRow row, float[] v, int offset, int stride, int count) {
        float[] o = row.output();
        for (int d = 0; d < row.width(); d++) {
            o[d] = 0;
        }
        for (int i = 0; i < count; i++) {
            int at = offset + row.keys()[i] * stride;
            float p = row.scores()[i];
            for (int d = 0; d < row.width(); d++) {
                o[d] += p * v[at + d];
            }
        }
    }
}
