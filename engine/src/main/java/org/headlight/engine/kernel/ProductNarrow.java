package org.headlight.engine.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The two matrix products of a tile for registers of 256 and of 128 bits, of which there may be
 * only 16: 2 vectors of queries by 6 keys (or 6 channels of the values) are 12 accumulators, 2
 * loads and 1 broadcast.
 */
final class ProductNarrow {
    private static final VectorSpecies<Float> SPECIES = VectorChoice.NARROW;
    private static final int WIDTH = SPECIES.length();
    private static final int LANES = FlashTile.LANES;

    private ProductNarrow() {}

    /** Scores: s[key][query] = sum over c of q[c][query] x k[key][c]. */
    static void scores(FlashTile tile, float[] k, int offset, int stride, int keys) {
        int six = sixes(keys);
        int four = fours(keys);
        scoresOfSix(tile, k, offset, stride, six);
        if (six < four) {
            scoresOfFour(tile, k, offset, stride, six, four);
        }
        if (four < keys) {
            scoresOfOne(tile, k, offset, stride, four, keys);
        }
    }

    /** How many of so many things go in sixes: so many that few are left over after the fours. */
    private static int sixes(int things) {
        int six = things - things % 6;
        return things % 6 % 4 > 1 && six > 0 ? six - 6 : six;
    }

    /** How many go in sixes and in fours. */
    private static int fours(int things) {
        int six = sixes(things);
        return six + (things - six) / 4 * 4;
    }

    @SuppressWarnings("checkstyle:methodlength") // accumulators must be local variables
    private static void scoresOfSix(FlashTile tile, float[] k, int offset, int stride, int end) {
        float[] q = tile.packed();
        float[] s = tile.scores();
        int depth = tile.depth();
        for (int key = 0; key < end; key += 6) {
            int ra = offset + key * stride;
            int rb = ra + stride;
            int rc = rb + stride;
            int rd = rc + stride;
            int re = rd + stride;
            int rf = re + stride;
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
                    FloatVector q0 = FloatVector.fromArray(SPECIES, q, c * LANES + lane);
                    FloatVector q1 = FloatVector.fromArray(SPECIES, q, c * LANES + lane + WIDTH);
                    FloatVector x = FloatVector.broadcast(SPECIES, k[ra + c]);
                    a0 = q0.fma(x, a0);
                    a1 = q1.fma(x, a1);
                    x = FloatVector.broadcast(SPECIES, k[rb + c]);
                    b0 = q0.fma(x, b0);
                    b1 = q1.fma(x, b1);
                    x = FloatVector.broadcast(SPECIES, k[rc + c]);
                    c0 = q0.fma(x, c0);
                    c1 = q1.fma(x, c1);
                    x = FloatVector.broadcast(SPECIES, k[rd + c]);
                    d0 = q0.fma(x, d0);
                    d1 = q1.fma(x, d1);
                    x = FloatVector.broadcast(SPECIES, k[re + c]);
                    e0 = q0.fma(x, e0);
                    e1 = q1.fma(x, e1);
                    x = FloatVector.broadcast(SPECIES, k[rf + c]);
                    f0 = q0.fma(x, f0);
                    f1 = q1.fma(x, f1);
                }
                int to = key * LANES + lane;
                a0.intoArray(s, to);
                a1.intoArray(s, to + WIDTH);
                b0.intoArray(s, to + LANES);
                b1.intoArray(s, to + LANES + WIDTH);
                c0.intoArray(s, to + 2 * LANES);
                c1.intoArray(s, to + 2 * LANES + WIDTH);
                d0.intoArray(s, to + 3 * LANES);
                d1.intoArray(s, to + 3 * LANES + WIDTH);
                e0.intoArray(s, to + 4 * LANES);
                e1.intoArray(s, to + 4 * LANES + WIDTH);
                f0.intoArray(s, to + 5 * LANES);
                f1.intoArray(s, to + 5 * LANES + WIDTH);
            }
        }
    }

    @SuppressWarnings("checkstyle:methodlength") // accumulators must be local variables
    private static void scoresOfFour(
            FlashTile tile, float[] k, int offset, int stride, int start, int end) {
        float[] q = tile.packed();
        float[] s = tile.scores();
        int depth = tile.depth();
        for (int key = start; key < end; key += 4) {
            int ra = offset + key * stride;
            int rb = ra + stride;
            int rc = rb + stride;
            int rd = rc + stride;
            for (int lane = 0; lane < LANES; lane += 2 * WIDTH) {
                FloatVector a0 = FloatVector.zero(SPECIES);
                FloatVector a1 = a0;
                FloatVector b0 = a0;
                FloatVector b1 = a0;
                FloatVector c0 = a0;
                FloatVector c1 = a0;
                FloatVector d0 = a0;
                FloatVector d1 = a0;
                for (int c = 0; c < depth; c++) {
                    FloatVector q0 = FloatVector.fromArray(SPECIES, q, c * LANES + lane);
                    FloatVector q1 = FloatVector.fromArray(SPECIES, q, c * LANES + lane + WIDTH);
                    FloatVector x = FloatVector.broadcast(SPECIES, k[ra + c]);
                    a0 = q0.fma(x, a0);
                    a1 = q1.fma(x, a1);
                    x = FloatVector.broadcast(SPECIES, k[rb + c]);
                    b0 = q0.fma(x, b0);
                    b1 = q1.fma(x, b1);
                    x = FloatVector.broadcast(SPECIES, k[rc + c]);
                    c0 = q0.fma(x, c0);
                    c1 = q1.fma(x, c1);
                    x = FloatVector.broadcast(SPECIES, k[rd + c]);
                    d0 = q0.fma(x, d0);
                    d1 = q1.fma(x, d1);
                }
                int to = key * LANES + lane;
                a0.intoArray(s, to);
                a1.intoArray(s, to + WIDTH);
                b0.intoArray(s, to + LANES);
                b1.intoArray(s, to + LANES + WIDTH);
                c0.intoArray(s, to + 2 * LANES);
                c1.intoArray(s, to + 2 * LANES + WIDTH);
                d0.intoArray(s, to + 3 * LANES);
                d1.intoArray(s, to + 3 * LANES + WIDTH);
            }
        }
    }

    private static void scoresOfOne(
            FlashTile tile, float[] k, int offset, int stride, int start, int end) {
        float[] q = tile.packed();
        float[] s = tile.scores();
        int depth = tile.depth();
        for (int key = start; key < end; key++) {
            int ra = offset + key * stride;
            for (int lane = 0; lane < LANES; lane += 2 * WIDTH) {
                FloatVector a0 = FloatVector.zero(SPECIES);
                FloatVector a1 = a0;
                for (int c = 0; c < depth; c++) {
                    FloatVector q0 = FloatVector.fromArray(SPECIES, q, c * LANES + lane);
                    FloatVector q1 = FloatVector.fromArray(SPECIES, q, c * LANES + lane + WIDTH);
                    FloatVector x = FloatVector.broadcast(SPECIES, k[ra + c]);
                    a0 = q0.fma(x, a0);
                    a1 = q1.fma(x, a1);
                }
                int to = key * LANES + lane;
                a0.intoArray(s, to);
                a1.intoArray(s, to + WIDTH);
            }
        }
    }

    /**
     * Output: o[d][query] = o[d][query] x alpha[query] + sum over keys of p[key][query] x
     * v[key][d].
     */
    static void weigh(FlashTile tile, float[] v, int offset, int stride, int keys) {
        int width = tile.width();
        int six = sixes(width);
        int four = fours(width);
        weighSix(tile, v, offset, stride, keys);
        if (six < four) {
            weighFour(tile, v, offset, stride, keys);
        }
        if (four < width) {
            weighOne(tile, v, offset, stride, keys);
        }
    }

    @SuppressWarnings("checkstyle:methodlength") // accumulators must be local variables
    private static void weighSix(FlashTile tile, float[] v, int offset, int stride, int keys) {
        float[] p = tile.scores();
        float[] o = tile.output();
        float[] alpha = tile.alpha();
        int end = sixes(tile.width());
        for (int d = 0; d < end; d += 6) {
            for (int lane = 0; lane < LANES; lane += 2 * WIDTH) {
                int at = d * LANES + lane;
                FloatVector s0 = FloatVector.fromArray(SPECIES, alpha, lane);
                FloatVector s1 = FloatVector.fromArray(SPECIES, alpha, lane + WIDTH);
                FloatVector a0 = FloatVector.fromArray(SPECIES, o, at).mul(s0);
                FloatVector a1 = FloatVector.fromArray(SPECIES, o, at + WIDTH).mul(s1);
                FloatVector b0 = FloatVector.fromArray(SPECIES, o, at + LANES).mul(s0);
                FloatVector b1 = FloatVector.fromArray(SPECIES, o, at + LANES + WIDTH).mul(s1);
                FloatVector c0 = FloatVector.fromArray(SPECIES, o, at + 2 * LANES).mul(s0);
                FloatVector c1 = FloatVector.fromArray(SPECIES, o, at + 2 * LANES + WIDTH).mul(s1);
                FloatVector d0 = FloatVector.fromArray(SPECIES, o, at + 3 * LANES).mul(s0);
                FloatVector d1 = FloatVector.fromArray(SPECIES, o, at + 3 * LANES + WIDTH).mul(s1);
                FloatVector e0 = FloatVector.fromArray(SPECIES, o, at + 4 * LANES).mul(s0);
                FloatVector e1 = FloatVector.fromArray(SPECIES, o, at + 4 * LANES + WIDTH).mul(s1);
                FloatVector f0 = FloatVector.fromArray(SPECIES, o, at + 5 * LANES).mul(s0);
                FloatVector f1 = FloatVector.fromArray(SPECIES, o, at + 5 * LANES + WIDTH).mul(s1);
                int row = offset + d;
                for (int from = lane; from < keys * LANES; from += LANES) {
                    FloatVector p0 = FloatVector.fromArray(SPECIES, p, from);
                    FloatVector p1 = FloatVector.fromArray(SPECIES, p, from + WIDTH);
                    FloatVector x = FloatVector.broadcast(SPECIES, v[row]);
                    a0 = p0.fma(x, a0);
                    a1 = p1.fma(x, a1);
                    x = FloatVector.broadcast(SPECIES, v[row + 1]);
                    b0 = p0.fma(x, b0);
                    b1 = p1.fma(x, b1);
                    x = FloatVector.broadcast(SPECIES, v[row + 2]);
                    c0 = p0.fma(x, c0);
                    c1 = p1.fma(x, c1);
                    x = FloatVector.broadcast(SPECIES, v[row + 3]);
                    d0 = p0.fma(x, d0);
                    d1 = p1.fma(x, d1);
                    x = FloatVector.broadcast(SPECIES, v[row + 4]);
                    e0 = p0.fma(x, e0);
                    e1 = p1.fma(x, e1);
                    x = FloatVector.broadcast(SPECIES, v[row + 5]);
                    f0 = p0.fma(x, f0);
                    f1 = p1.fma(x, f1);
                    row += stride;
                }
                a0.intoArray(o, at);
                a1.intoArray(o, at + WIDTH);
                b0.intoArray(o, at + LANES);
                b1.intoArray(o, at + LANES + WIDTH);
                c0.intoArray(o, at + 2 * LANES);
                c1.intoArray(o, at + 2 * LANES + WIDTH);
                d0.intoArray(o, at + 3 * LANES);
                d1.intoArray(o, at + 3 * LANES + WIDTH);
                e0.intoArray(o, at + 4 * LANES);
                e1.intoArray(o, at + 4 * LANES + WIDTH);
                f0.intoArray(o, at + 5 * LANES);
                f1.intoArray(o, at + 5 * LANES + WIDTH);
            }
        }
    }

    @SuppressWarnings("checkstyle:methodlength") // accumulators must be local variables
    private static void weighFour(FlashTile tile, float[] v, int offset, int stride, int keys) {
        float[] p = tile.scores();
        float[] o = tile.output();
        float[] alpha = tile.alpha();
        int end = fours(tile.width());
        for (int d = sixes(tile.width()); d < end; d += 4) {
            for (int lane = 0; lane < LANES; lane += 2 * WIDTH) {
                int at = d * LANES + lane;
                FloatVector s0 = FloatVector.fromArray(SPECIES, alpha, lane);
                FloatVector s1 = FloatVector.fromArray(SPECIES, alpha, lane + WIDTH);
                FloatVector a0 = FloatVector.fromArray(SPECIES, o, at).mul(s0);
                FloatVector a1 = FloatVector.fromArray(SPECIES, o, at + WIDTH).mul(s1);
                FloatVector b0 = FloatVector.fromArray(SPECIES, o, at + LANES).mul(s0);
                FloatVector b1 = FloatVector.fromArray(SPECIES, o, at + LANES + WIDTH).mul(s1);
                FloatVector c0 = FloatVector.fromArray(SPECIES, o, at + 2 * LANES).mul(s0);
                FloatVector c1 = FloatVector.fromArray(SPECIES, o, at + 2 * LANES + WIDTH).mul(s1);
                FloatVector d0 = FloatVector.fromArray(SPECIES, o, at + 3 * LANES).mul(s0);
                FloatVector d1 = FloatVector.fromArray(SPECIES, o, at + 3 * LANES + WIDTH).mul(s1);
                int row = offset + d;
                for (int from = lane; from < keys * LANES; from += LANES) {
                    FloatVector p0 = FloatVector.fromArray(SPECIES, p, from);
                    FloatVector p1 = FloatVector.fromArray(SPECIES, p, from + WIDTH);
                    FloatVector x = FloatVector.broadcast(SPECIES, v[row]);
                    a0 = p0.fma(x, a0);
                    a1 = p1.fma(x, a1);
                    x = FloatVector.broadcast(SPECIES, v[row + 1]);
                    b0 = p0.fma(x, b0);
                    b1 = p1.fma(x, b1);
                    x = FloatVector.broadcast(SPECIES, v[row + 2]);
                    c0 = p0.fma(x, c0);
                    c1 = p1.fma(x, c1);
                    x = FloatVector.broadcast(SPECIES, v[row + 3]);
                    d0 = p0.fma(x, d0);
                    d1 = p1.fma(x, d1);
                    row += stride;
                }
                a0.intoArray(o, at);
                a1.intoArray(o, at + WIDTH);
                b0.intoArray(o, at + LANES);
                b1.intoArray(o, at + LANES + WIDTH);
                c0.intoArray(o, at + 2 * LANES);
                c1.intoArray(o, at + 2 * LANES + WIDTH);
                d0.intoArray(o, at + 3 * LANES);
                d1.intoArray(o, at + 3 * LANES + WIDTH);
            }
        }
    }

    private static void weighOne(FlashTile tile, float[] v, int offset, int stride, int keys) {
        float[] p = tile.scores();
        float[] o = tile.output();
        float[] alpha = tile.alpha();
        int width = tile.width();
        for (int d = fours(width); d < width; d++) {
            for (int lane = 0; lane < LANES; lane += 2 * WIDTH) {
                int at = d * LANES + lane;
                FloatVector s0 = FloatVector.fromArray(SPECIES, alpha, lane);
                FloatVector s1 = FloatVector.fromArray(SPECIES, alpha, lane + WIDTH);
                FloatVector a0 = FloatVector.fromArray(SPECIES, o, at).mul(s0);
                FloatVector a1 = FloatVector.fromArray(SPECIES, o, at + WIDTH).mul(s1);
                int row = offset + d;
                for (int from = lane; from < keys * LANES; from += LANES) {
                    FloatVector p0 = FloatVector.fromArray(SPECIES, p, from);
                    FloatVector p1 = FloatVector.fromArray(SPECIES, p, from + WIDTH);
                    FloatVector x = FloatVector.broadcast(SPECIES, v[row]);
                    a0 = p0.fma(x, a0);
                    a1 = p1.fma(x, a1);
                    row += stride;
                }
                a0.intoArray(o, at);
                a1.intoArray(o, at + WIDTH);
            }
        }
    }
}
