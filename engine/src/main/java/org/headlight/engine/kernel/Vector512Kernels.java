package org.headlight.engine.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The kernels for 512-bit registers: a tile of 64 queries is 4 vectors. Scores are computed for 6
 * keys at a time: 24 accumulators, 4 loads and 1 broadcast fill the 32 registers, one more spills.
 */
final class Vector512Kernels implements AttentionKernels {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_512;
    private static final int WIDTH = 16;

    @Override
    public String name() {
        return "vector, 512 bit";
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
            FloatVector a0 = FloatVector.zero(SPECIES);
            FloatVector a1 = a0;
            FloatVector a2 = a0;
            FloatVector a3 = a0;
            FloatVector b0 = a0;
            FloatVector b1 = a0;
            FloatVector b2 = a0;
            FloatVector b3 = a0;
            FloatVector c0 = a0;
            FloatVector c1 = a0;
            FloatVector c2 = a0;
            FloatVector c3 = a0;
            FloatVector d0 = a0;
            FloatVector d1 = a0;
            FloatVector d2 = a0;
            FloatVector d3 = a0;
            FloatVector e0 = a0;
            FloatVector e1 = a0;
            FloatVector e2 = a0;
            FloatVector e3 = a0;
            FloatVector f0 = a0;
            FloatVector f1 = a0;
            FloatVector f2 = a0;
            FloatVector f3 = a0;
            int row = kOffset + key * depth;
            for (int c = 0; c < depth; c++) {
                FloatVector q0 = FloatVector.fromArray(SPECIES, queries, c * LANES);
                FloatVector q1 = FloatVector.fromArray(SPECIES, queries, c * LANES + 16);
                FloatVector q2 = FloatVector.fromArray(SPECIES, queries, c * LANES + 32);
                FloatVector q3 = FloatVector.fromArray(SPECIES, queries, c * LANES + 48);
                FloatVector x = FloatVector.broadcast(SPECIES, k[row + c]);
                a0 = q0.fma(x, a0);
                a1 = q1.fma(x, a1);
                a2 = q2.fma(x, a2);
                a3 = q3.fma(x, a3);
                x = FloatVector.broadcast(SPECIES, k[row + depth + c]);
                b0 = q0.fma(x, b0);
                b1 = q1.fma(x, b1);
                b2 = q2.fma(x, b2);
                b3 = q3.fma(x, b3);
                x = FloatVector.broadcast(SPECIES, k[row + 2 * depth + c]);
                c0 = q0.fma(x, c0);
                c1 = q1.fma(x, c1);
                c2 = q2.fma(x, c2);
                c3 = q3.fma(x, c3);
                x = FloatVector.broadcast(SPECIES, k[row + 3 * depth + c]);
                d0 = q0.fma(x, d0);
                d1 = q1.fma(x, d1);
                d2 = q2.fma(x, d2);
                d3 = q3.fma(x, d3);
                x = FloatVector.broadcast(SPECIES, k[row + 4 * depth + c]);
                e0 = q0.fma(x, e0);
                e1 = q1.fma(x, e1);
                e2 = q2.fma(x, e2);
                e3 = q3.fma(x, e3);
                x = FloatVector.broadcast(SPECIES, k[row + 5 * depth + c]);
                f0 = q0.fma(x, f0);
                f1 = q1.fma(x, f1);
                f2 = q2.fma(x, f2);
                f3 = q3.fma(x, f3);
            }
            int out = offset + key * LANES;
            a0.intoArray(target, out);
            a1.intoArray(target, out + 16);
            a2.intoArray(target, out + 32);
            a3.intoArray(target, out + 48);
            b0.intoArray(target, out + 64);
            b1.intoArray(target, out + 80);
            b2.intoArray(target, out + 96);
            b3.intoArray(target, out + 112);
            c0.intoArray(target, out + 128);
            c1.intoArray(target, out + 144);
            c2.intoArray(target, out + 160);
            c3.intoArray(target, out + 176);
            d0.intoArray(target, out + 192);
            d1.intoArray(target, out + 208);
            d2.intoArray(target, out + 224);
            d3.intoArray(target, out + 240);
            e0.intoArray(target, out + 256);
            e1.intoArray(target, out + 272);
            e2.intoArray(target, out + 288);
            e3.intoArray(target, out + 304);
            f0.intoArray(target, out + 320);
            f1.intoArray(target, out + 336);
            f2.intoArray(target, out + 352);
            f3.intoArray(target, out + 368);
        }
        for (; key < keys; key++) {
            FloatVector a0 = FloatVector.zero(SPECIES);
            FloatVector a1 = a0;
            FloatVector a2 = a0;
            FloatVector a3 = a0;
            int row = kOffset + key * depth;
            for (int c = 0; c < depth; c++) {
                FloatVector x = FloatVector.broadcast(SPECIES, k[row + c]);
                a0 = FloatVector.fromArray(SPECIES, queries, c * LANES).fma(x, a0);
                a1 = FloatVector.fromArray(SPECIES, queries, c * LANES + 16).fma(x, a1);
                a2 = FloatVector.fromArray(SPECIES, queries, c * LANES + 32).fma(x, a2);
                a3 = FloatVector.fromArray(SPECIES, queries, c * LANES + 48).fma(x, a3);
            }
            int out = offset + key * LANES;
            a0.intoArray(target, out);
            a1.intoArray(target, out + 16);
            a2.intoArray(target, out + 32);
            a3.intoArray(target, out + 48);
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
