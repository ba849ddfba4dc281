package org.headlight.engine.kernel;

import static org.headlight.engine.kernel.AttentionKernels.LANES;
import static org.headlight.engine.kernel.AttentionKernels.PARTS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Sums over rows, columns and diagonals of a tile in the widest vectors of the machine. */
final class VectorSums {
    private static final VectorSpecies<Float> SPECIES =
            FloatVector.SPECIES_PREFERRED.length() > PARTS
                    ? FloatVector.SPECIES_512
                    : FloatVector.SPECIES_PREFERRED;
    private static final int WIDTH = SPECIES.length();
    private static final int GROUPS = LANES / WIDTH;

    private VectorSums() {}

    /** See {@link AttentionKernels#shares}: four vectors of lanes at a time. */
    static void shares(
            float[] p,
            int offset,
            int keys,
            float[] largest,
            float[] squares,
            float[] columns,
            int at) {
        for (int lane = 0; lane < LANES; lane += 4 * WIDTH) {
            FloatVector top0 = FloatVector.fromArray(SPECIES, largest, lane);
            FloatVector top1 = FloatVector.fromArray(SPECIES, largest, lane + WIDTH);
            FloatVector top2 = FloatVector.fromArray(SPECIES, largest, lane + 2 * WIDTH);
            FloatVector top3 = FloatVector.fromArray(SPECIES, largest, lane + 3 * WIDTH);
            FloatVector sum0 = FloatVector.fromArray(SPECIES, squares, lane);
            FloatVector sum1 = FloatVector.fromArray(SPECIES, squares, lane + WIDTH);
            FloatVector sum2 = FloatVector.fromArray(SPECIES, squares, lane + 2 * WIDTH);
            FloatVector sum3 = FloatVector.fromArray(SPECIES, squares, lane + 3 * WIDTH);
            int slot = at + lane / 4;
            for (int key = 0; key < keys; key++) {
                int from = offset + key * LANES + lane;
                FloatVector p0 = FloatVector.fromArray(SPECIES, p, from);
                FloatVector p1 = FloatVector.fromArray(SPECIES, p, from + WIDTH);
                FloatVector p2 = FloatVector.fromArray(SPECIES, p, from + 2 * WIDTH);
                FloatVector p3 = FloatVector.fromArray(SPECIES, p, from + 3 * WIDTH);
                top0 = top0.blend(p0, p0.compare(VectorOperators.GT, top0));
                top1 = top1.blend(p1, p1.compare(VectorOperators.GT, top1));
                top2 = top2.blend(p2, p2.compare(VectorOperators.GT, top2));
                top3 = top3.blend(p3, p3.compare(VectorOperators.GT, top3));
                sum0 = p0.fma(p0, sum0);
                sum1 = p1.fma(p1, sum1);
                sum2 = p2.fma(p2, sum2);
                sum3 = p3.fma(p3, sum3);
                FloatVector column = FloatVector.fromArray(SPECIES, columns, slot + key * PARTS);
                column.add(p0.add(p1).add(p2.add(p3))).intoArray(columns, slot + key * PARTS);
            }
            top0.intoArray(largest, lane);
            top1.intoArray(largest, lane + WIDTH);
            top2.intoArray(largest, lane + 2 * WIDTH);
            top3.intoArray(largest, lane + 3 * WIDTH);
            sum0.intoArray(squares, lane);
            sum1.intoArray(squares, lane + WIDTH);
            sum2.intoArray(squares, lane + 2 * WIDTH);
            sum3.intoArray(squares, lane + 3 * WIDTH);
        }
    }

    /**
     * See {@link AttentionKernels#diagonals}. Keys a vector's width apart shift the diagonals by
     * whole vectors: their sums are made for each of the {@code WIDTH} remainders apart, and then
     * added with the shift of the remainder. So no store is read back before it has arrived.
     */
    static void diagonals(
            float[] p, int offset, int keys, float[] target, int at, float[] scratch) {
        int turns = keys / WIDTH;
        int whole = turns * WIDTH;
        if (turns > 0) {
            int stride = (turns + GROUPS + 1) * WIDTH;
            for (int rest = 0; rest < WIDTH; rest++) {
                shifted(p, offset + rest * LANES, turns, scratch, rest * stride);
            }
            int start = at - whole + 1;
            for (int out = 0; out < turns + GROUPS; out++) {
                FloatVector sum = FloatVector.fromArray(SPECIES, target, start + out * WIDTH);
                for (int rest = 0; rest < WIDTH; rest++) {
                    int from = rest * (stride + 1) + out * WIDTH + 1;
                    sum = sum.add(FloatVector.fromArray(SPECIES, scratch, from));
                }
                sum.intoArray(target, start + out * WIDTH);
            }
        }
        for (int key = whole; key < keys; key++) {
            for (int lane = 0; lane < LANES; lane++) {
                target[at + lane - key] += p[offset + key * LANES + lane];
            }
        }
    }

    /**
     * Sums of the keys with one remainder, a vector of zeros before and after them.
     *
     * @param from the cell of the first such key in lane 0
     */
    private static void shifted(float[] p, int from, int turns, float[] scratch, int to) {
        FloatVector zero = FloatVector.zero(SPECIES);
        zero.intoArray(scratch, to);
        int sums = turns + GROUPS - 1;
        for (int u = 0; u < sums; u++) {
            int shift = u - (turns - 1);
            int first = Math.max(0, shift);
            int end = Math.min(GROUPS, u + 1);
            FloatVector sum = zero;
            for (int group = first; group < end; group++) {
                int turn = group - shift;
                sum = sum.add(FloatVector.fromArray(SPECIES, p, cell(from, turn, group)));
            }
            sum.intoArray(scratch, to + (u + 1) * WIDTH);
        }
        zero.intoArray(scratch, to + (sums + 1) * WIDTH);
    }

    private static int cell(int from, int turn, int group) {
        return from + (turn * LANES + group) * WIDTH;
    }

    /** See {@link AttentionKernels#matches}. */
    static void matches(
            float[] p,
            int offset,
            int keys,
            float[] queries,
            float[] tokens,
            int at,
            float[] sums) {
        for (int lane = 0; lane < LANES; lane += 2 * WIDTH) {
            FloatVector query0 = FloatVector.fromArray(SPECIES, queries, lane);
            FloatVector query1 = FloatVector.fromArray(SPECIES, queries, lane + WIDTH);
            FloatVector same0 = FloatVector.fromArray(SPECIES, sums, lane);
            FloatVector same1 = FloatVector.fromArray(SPECIES, sums, lane + WIDTH);
            FloatVector after0 = FloatVector.fromArray(SPECIES, sums, LANES + lane);
            FloatVector after1 = FloatVector.fromArray(SPECIES, sums, LANES + lane + WIDTH);
            FloatVector before = FloatVector.broadcast(SPECIES, tokens[at - 1]);
            VectorMask<Float> follows0 = query0.compare(VectorOperators.EQ, before);
            VectorMask<Float> follows1 = query1.compare(VectorOperators.EQ, before);
            for (int key = 0; key < keys; key++) {
                int from = offset + key * LANES + lane;
                FloatVector own = FloatVector.broadcast(SPECIES, tokens[at + key]);
                FloatVector p0 = FloatVector.fromArray(SPECIES, p, from);
                FloatVector p1 = FloatVector.fromArray(SPECIES, p, from + WIDTH);
                VectorMask<Float> equals0 = query0.compare(VectorOperators.EQ, own);
                VectorMask<Float> equals1 = query1.compare(VectorOperators.EQ, own);
                same0 = same0.add(p0, equals0);
                same1 = same1.add(p1, equals1);
                after0 = after0.add(p0, follows0);
                after1 = after1.add(p1, follows1);
                follows0 = equals0;
                follows1 = equals1;
            }
            same0.intoArray(sums, lane);
            same1.intoArray(sums, lane + WIDTH);
            after0.intoArray(sums, LANES + lane);
            after1.intoArray(sums, LANES + lane + WIDTH);
        }
    }

    /** See {@link AttentionKernels#weigh}. */
    static void weigh(float[] p, int offset, float[] weights, int at, float[] sums) {
        for (int lane = 0; lane < LANES; lane += WIDTH) {
            FloatVector.fromArray(SPECIES, p, offset + lane)
                    .fma(
                            FloatVector.fromArray(SPECIES, weights, at + lane),
                            FloatVector.fromArray(SPECIES, sums, lane))
                    .intoArray(sums, lane);
        }
    }

    /** See {@link AttentionKernels#columns}. */
    static void columns(float[] p, int offset, int keys, float[] weights, float[] target) {
        for (int lane = 0; lane < LANES; lane += 4 * WIDTH) {
            FloatVector w0 = FloatVector.fromArray(SPECIES, weights, lane);
            FloatVector w1 = FloatVector.fromArray(SPECIES, weights, lane + WIDTH);
            FloatVector w2 = FloatVector.fromArray(SPECIES, weights, lane + 2 * WIDTH);
            FloatVector w3 = FloatVector.fromArray(SPECIES, weights, lane + 3 * WIDTH);
            for (int key = 0; key < keys; key++) {
                int from = offset + key * LANES + lane;
                FloatVector one = FloatVector.fromArray(SPECIES, p, from).mul(w0);
                FloatVector other = FloatVector.fromArray(SPECIES, p, from + WIDTH).mul(w1);
                one = FloatVector.fromArray(SPECIES, p, from + 2 * WIDTH).fma(w2, one);
                other = FloatVector.fromArray(SPECIES, p, from + 3 * WIDTH).fma(w3, other);
                target[key] += one.add(other).reduceLanes(VectorOperators.ADD);
            }
        }
    }

    /** See {@link AttentionKernels#addUp}. */
    static void addUp(float[] p, int offset, int keys, float[] sums) {
        for (int lane = 0; lane < LANES; lane += WIDTH) {
            FloatVector sum = FloatVector.fromArray(SPECIES, sums, lane);
            for (int key = 0; key < keys; key++) {
                sum = sum.add(FloatVector.fromArray(SPECIES, p, offset + key * LANES + lane));
            }
            sum.intoArray(sums, lane);
        }
    }
}
