package org.headlight.engine.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The kernels for 256-bit and 128-bit registers, of which there are 16: scores of 6 keys for 2
 * vectors of queries at a time take 12 accumulators, 2 loads and 1 broadcast.
 */
final class NarrowVectorKernels implements AttentionKernels {
    private static final VectorSpecies<Float> SPECIES =
            FloatVector.SPECIES_PREFERRED.length() >= 8
                    ? FloatVector.SPECIES_256
                    : FloatVector.SPECIES_128;
    private static final int WIDTH = SPECIES.length();

    @Override
    public String name() {
        return "vector, " + SPECIES.vectorBitSize() + " bit";
    }

    @Override
    @SuppressWarnings("checkstyle:methodlength") // accumulators must be local variables
    public void scores(
            float[] queries,
            int depth,
            float[] k,
            int kOffset,
            int keys,
            float[] target,
            int offset) {
        int key = 0;
        for (; key + 6 <= keys; key += 6) {
            int row = kOffset + key * depth;
            for (int lane = 0; lane < LANES; lane += 2 * WIDTH) {
                FloatVector a0 = FloatVector.zero(SPECIES);
                FloatVector a1 = a0;
                FloatVector b0 = a0;
                FloatVector b1 = a0;
                FloatVector c0 = a0;
                FloatVector c1 = a0;
                FloatVector d0 = a0;
                FloatVector d1 = a0;
                FloatVector e0 = a0;
                FloatVector e1 = a0;
                FloatVector f0 = a0;
                FloatVector f1 = a0;
                for (int c = 0; c < depth; c++) {
                    int from = c * LANES + lane;
                    FloatVector q0 = FloatVector.fromArray(SPECIES, queries, from);
                    FloatVector q1 = FloatVector.fromArray(SPECIES, queries, from + WIDTH);
                    FloatVector x = FloatVector.broadcast(SPECIES, k[row + c]);
                    a0 = q0.fma(x, a0);
                    a1 = q1.fma(x, a1);
                    x = FloatVector.broadcast(SPECIES, k[row + depth + c]);
                    b0 = q0.fma(x, b0);
                    b1 = q1.fma(x, b1);
                    x = FloatVector.broadcast(SPECIES, k[row + 2 * depth + c]);
                    c0 = q0.fma(x, c0);
                    c1 = q1.fma(x, c1);
                    x = FloatVector.broadcast(SPECIES, k[row + 3 * depth + c]);
                    d0 = q0.fma(x, d0);
                    d1 = q1.fma(x, d1);
                    x = FloatVector.broadcast(SPECIES, k[row + 4 * depth + c]);
                    e0 = q0.fma(x, e0);
                    e1 = q1.fma(x, e1);
                    x = FloatVector.broadcast(SPECIES, k[row + 5 * depth + c]);
                    f0 = q0.fma(x, f0);
                    f1 = q1.fma(x, f1);
                }
                int out = offset + key * LANES + lane;
                a0.intoArray(target, out);
                a1.intoArray(target, out + WIDTH);
                b0.intoArray(target, out + LANES);
                b1.intoArray(target, out + LANES + WIDTH);
                c0.intoArray(target, out + 2 * LANES);
                c1.intoArray(target, out + 2 * LANES + WIDTH);
                d0.intoArray(target, out + 3 * LANES);
                d1.intoArray(target, out + 3 * LANES + WIDTH);
                e0.intoArray(target, out + 4 * LANES);
                e1.intoArray(target, out + 4 * LANES + WIDTH);
                f0.intoArray(target, out + 5 * LANES);
                f1.intoArray(target, out + 5 * LANES + WIDTH);
            }
        }
        for (; key < keys; key++) {
            int row = kOffset + key * depth;
            for (int lane = 0; lane < LANES; lane += WIDTH) {
                FloatVector a = FloatVector.zero(SPECIES);
                for (int c = 0; c < depth; c++) {
                    FloatVector x = FloatVector.broadcast(SPECIES, k[row + c]);
                    a = FloatVector.fromArray(SPECIES, queries, c * LANES + lane).fma(x, a);
                }
                a.intoArray(target, offset + key * LANES + lane);
            }
        }
    }

    @Override
    @SuppressWarnings("checkstyle:methodlength") // vectors must not leave the method
    public void accumulate(
            float[] s, int offset, int keys, float[] max, float[] sum, float[] weighted) {
        FloatVector one = FloatVector.broadcast(SPECIES, 1f);
        for (int lane = 0; lane < LANES; lane += WIDTH) {
            int first = offset + lane;
            FloatVector before = FloatVector.fromArray(SPECIES, max, lane);
            FloatVector top = before;
            for (int key = 0; key < keys; key++) {
                FloatVector score = FloatVector.fromArray(SPECIES, s, first + key * LANES);
                top = top.blend(score, score.compare(VectorOperators.GT, top));
            }
            top.intoArray(max, lane);
            top = top.blend(0f, top.compare(VectorOperators.EQ, Float.NEGATIVE_INFINITY));
            FloatVector total = FloatVector.zero(SPECIES);
            FloatVector moment = total;
            for (int key = 0; key < keys; key++) {
                FloatVector x = FloatVector.fromArray(SPECIES, s, first + key * LANES).sub(top);
                x = x.blend(FLOOR, x.compare(VectorOperators.LT, FLOOR));
                FloatVector t = x.add(Exp2.ROUND);
                FloatVector f = x.sub(t.sub(Exp2.ROUND));
                FloatVector p = f.mul(Exp2.C5).add(Exp2.C4);
                p = p.fma(f, FloatVector.broadcast(SPECIES, Exp2.C3));
                p = p.fma(f, FloatVector.broadcast(SPECIES, Exp2.C2));
                p = p.fma(f, FloatVector.broadcast(SPECIES, Exp2.C1));
                p = p.fma(f, one);
                FloatVector e =
                        p.reinterpretAsInts()
                                .add(t.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23))
                                .reinterpretAsFloats();
                total = total.add(e);
                moment = e.fma(x, moment);
            }
            FloatVector shift = before.sub(top);
            shift = shift.blend(FLOOR, shift.compare(VectorOperators.LT, FLOOR));
            FloatVector t = shift.add(Exp2.ROUND);
            FloatVector f = shift.sub(t.sub(Exp2.ROUND));
            FloatVector p = f.mul(Exp2.C5).add(Exp2.C4);
            p = p.fma(f, FloatVector.broadcast(SPECIES, Exp2.C3));
            p = p.fma(f, FloatVector.broadcast(SPECIES, Exp2.C2));
            p = p.fma(f, FloatVector.broadcast(SPECIES, Exp2.C1));
            p = p.fma(f, one);
            FloatVector factor =
                    p.reinterpretAsInts()
                            .add(t.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23))
                            .reinterpretAsFloats();
            FloatVector oldSum = FloatVector.fromArray(SPECIES, sum, lane);
            FloatVector oldWeighted = FloatVector.fromArray(SPECIES, weighted, lane);
            factor.fma(shift.fma(oldSum, oldWeighted), moment).intoArray(weighted, lane);
            factor.fma(oldSum, total).intoArray(sum, lane);
        }
    }

    @Override
    public void normalize(
            float[] s, int offset, int keys, float[] max, float[] inverse, float[] least) {
        FloatVector one = FloatVector.broadcast(SPECIES, 1f);
        for (int lane = 0; lane < LANES; lane += WIDTH) {
            int first = offset + lane;
            FloatVector top = FloatVector.fromArray(SPECIES, max, lane);
            FloatVector scale = FloatVector.fromArray(SPECIES, inverse, lane);
            FloatVector low = FloatVector.fromArray(SPECIES, least, lane);
            for (int key = 0; key < keys; key++) {
                int at = first + key * LANES;
                FloatVector x = FloatVector.fromArray(SPECIES, s, at).sub(top);
                FloatVector t = x.add(Exp2.ROUND);
                FloatVector f = x.sub(t.sub(Exp2.ROUND));
                FloatVector p = f.mul(Exp2.C5).add(Exp2.C4);
                p = p.fma(f, FloatVector.broadcast(SPECIES, Exp2.C3));
                p = p.fma(f, FloatVector.broadcast(SPECIES, Exp2.C2));
                p = p.fma(f, FloatVector.broadcast(SPECIES, Exp2.C1));
                p = p.fma(f, one);
                p =
                        p.reinterpretAsInts()
                                .add(t.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23))
                                .reinterpretAsFloats()
                                .mul(scale);
                p = p.blend(0f, x.compare(VectorOperators.LT, FLOOR));
                p.intoArray(s, at);
                VectorMask<Float> lower =
                        p.compare(VectorOperators.LT, low).and(p.compare(VectorOperators.GT, 0f));
                low = low.blend(p, lower);
            }
            low.intoArray(least, lane);
        }
    }

    @Override
    public void groupMax(float[] s, int offset, int keys, int phase, int group, float[] target) {
        int groups = (phase + keys + group - 1) / group;
        for (int lane = 0; lane < LANES; lane += WIDTH) {
            int first = offset + lane;
            for (int g = 0; g < groups; g++) {
                int from = Math.max(0, g * group - phase);
                int to = Math.min(keys, (g + 1) * group - phase);
                FloatVector top = FloatVector.fromArray(SPECIES, s, first + from * LANES);
                for (int key = from + 1; key < to; key++) {
                    FloatVector value = FloatVector.fromArray(SPECIES, s, first + key * LANES);
                    top = top.blend(value, value.compare(VectorOperators.GT, top));
                }
                top.intoArray(target, g * LANES + lane);
            }
        }
    }

    @Override
    public void groupSum(float[] s, int offset, int keys, int phase, int group, float[] target) {
        int groups = (phase + keys + group - 1) / group;
        for (int lane = 0; lane < LANES; lane += WIDTH) {
            int first = offset + lane;
            for (int g = 0; g < groups; g++) {
                int from = Math.max(0, g * group - phase);
                int to = Math.min(keys, (g + 1) * group - phase);
                FloatVector total = FloatVector.fromArray(SPECIES, s, first + from * LANES);
                for (int key = from + 1; key < to; key++) {
                    total = total.add(FloatVector.fromArray(SPECIES, s, first + key * LANES));
                }
                total.intoArray(target, g * LANES + lane);
            }
        }
    }

    @Override
    public void groups(
            float[] s, int offset, int keys, int phase, int group, float[] max, float[] sum) {
        int groups = (phase + keys + group - 1) / group;
        for (int lane = 0; lane < LANES; lane += WIDTH) {
            int first = offset + lane;
            for (int g = 0; g < groups; g++) {
                int from = Math.max(0, g * group - phase);
                int to = Math.min(keys, (g + 1) * group - phase);
                FloatVector top = FloatVector.fromArray(SPECIES, s, first + from * LANES);
                FloatVector total = top;
                for (int key = from + 1; key < to; key++) {
                    FloatVector value = FloatVector.fromArray(SPECIES, s, first + key * LANES);
                    top = top.blend(value, value.compare(VectorOperators.GT, top));
                    total = total.add(value);
                }
                top.intoArray(max, g * LANES + lane);
                total.intoArray(sum, g * LANES + lane);
            }
        }
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
        for (int lane = 0; lane < LANES; lane += WIDTH) {
            FloatVector at = FloatVector.fromArray(SPECIES, position, lane).sub(key);
            FloatVector far = FloatVector.zero(SPECIES);
            FloatVector top = FloatVector.fromArray(SPECIES, largest, lane);
            for (int i = 0; i < keys; i++) {
                FloatVector value = FloatVector.fromArray(SPECIES, p, offset + lane + i * LANES);
                far = value.fma(at.abs(), far);
                top = top.blend(value, value.compare(VectorOperators.GT, top));
                at = at.sub(1f);
            }
            FloatVector.fromArray(SPECIES, distance, lane).add(far).intoArray(distance, lane);
            top.intoArray(largest, lane);
        }
    }

    @Override
    public void shares(
            float[] p,
            int offset,
            int keys,
            float[] largest,
            float[] squares,
            float[] columns,
            int at) {
        VectorSums.shares(p, offset, keys, largest, squares, columns, at);
    }

    @Override
    public void diagonals(
            float[] p, int offset, int keys, float[] target, int at, float[] scratch) {
        VectorSums.diagonals(p, offset, keys, target, at, scratch);
    }

    @Override
    public void matches(
            float[] p,
            int offset,
            int keys,
            float[] queries,
            float[] tokens,
            int at,
            float[] sums) {
        VectorSums.matches(p, offset, keys, queries, tokens, at, sums);
    }

    @Override
    public void weigh(float[] p, int offset, float[] weights, int at, float[] sums) {
        VectorSums.weigh(p, offset, weights, at, sums);
    }

    @Override
    public void columns(float[] p, int offset, int keys, float[] weights, float[] target) {
        VectorSums.columns(p, offset, keys, weights, target);
    }

    @Override
    public void addUp(float[] p, int offset, int keys, float[] sums) {
        VectorSums.addUp(p, offset, keys, sums);
    }
}
