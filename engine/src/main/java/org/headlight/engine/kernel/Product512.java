package org.headlight.engine.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The two matrix products of a tile for 512-bit registers: 64 queries are 4 vectors, and 6 keys (or
 * 6 channels of the values) are worked on at a time. 24 accumulators, 4 loads and 1 broadcast fill
 * the 32 registers; one more spills. Keys and values are read where they lie.
 */
final class Product512 {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_512;
    private static final int LANES = FlashTile.LANES;

    private Product512() {}

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
            int ra = offset + key * stride;
            int rb = ra + stride;
            int rc = rb + stride;
            int rd = rc + stride;
            int re = rd + stride;
            int rf = re + stride;
            for (int c = 0; c < depth; c++) {
                FloatVector q0 = FloatVector.fromArray(SPECIES, q, c * LANES);
                FloatVector q1 = FloatVector.fromArray(SPECIES, q, c * LANES + 16);
                FloatVector q2 = FloatVector.fromArray(SPECIES, q, c * LANES + 32);
                FloatVector q3 = FloatVector.fromArray(SPECIES, q, c * LANES + 48);
                FloatVector x = FloatVector.broadcast(SPECIES, k[ra + c]);
                a0 = q0.fma(x, a0);
                a1 = q1.fma(x, a1);
                a2 = q2.fma(x, a2);
                a3 = q3.fma(x, a3);
                x = FloatVector.broadcast(SPECIES, k[rb + c]);
                b0 = q0.fma(x, b0);
                b1 = q1.fma(x, b1);
                b2 = q2.fma(x, b2);
                b3 = q3.fma(x, b3);
                x = FloatVector.broadcast(SPECIES, k[rc + c]);
                c0 = q0.fma(x, c0);
                c1 = q1.fma(x, c1);
                c2 = q2.fma(x, c2);
                c3 = q3.fma(x, c3);
                x = FloatVector.broadcast(SPECIES, k[rd + c]);
                d0 = q0.fma(x, d0);
                d1 = q1.fma(x, d1);
                d2 = q2.fma(x, d2);
                d3 = q3.fma(x, d3);
                x = FloatVector.broadcast(SPECIES, k[re + c]);
                e0 = q0.fma(x, e0);
                e1 = q1.fma(x, e1);
                e2 = q2.fma(x, e2);
                e3 = q3.fma(x, e3);
                x = FloatVector.broadcast(SPECIES, k[rf + c]);
                f0 = q0.fma(x, f0);
                f1 = q1.fma(x, f1);
                f2 = q2.fma(x, f2);
                f3 = q3.fma(x, f3);
            }
            int to = key * LANES;
            a0.intoArray(s, to);
            a1.intoArray(s, to + 16);
            a2.intoArray(s, to + 32);
            a3.intoArray(s, to + 48);
            b0.intoArray(s, to + 64);
            b1.intoArray(s, to + 80);
            b2.intoArray(s, to + 96);
            b3.intoArray(s, to + 112);
            c0.intoArray(s, to + 128);
            c1.intoArray(s, to + 144);
            c2.intoArray(s, to + 160);
            c3.intoArray(s, to + 176);
            d0.intoArray(s, to + 192);
            d1.intoArray(s, to + 208);
            d2.intoArray(s, to + 224);
            d3.intoArray(s, to + 240);
            e0.intoArray(s, to + 256);
            e1.intoArray(s, to + 272);
            e2.intoArray(s, to + 288);
            e3.intoArray(s, to + 304);
            f0.intoArray(s, to + 320);
            f1.intoArray(s, to + 336);
            f2.intoArray(s, to + 352);
            f3.intoArray(s, to + 368);
        }
    }

    @SuppressWarnings("checkstyle:methodlength") // accumulators must be local variables
    private static void scoresOfFour(
            FlashTile tile, float[] k, int offset, int stride, int start, int end) {
        float[] q = tile.packed();
        float[] s = tile.scores();
        int depth = tile.depth();
        for (int key = start; key < end; key += 4) {
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
            int ra = offset + key * stride;
            int rb = ra + stride;
            int rc = rb + stride;
            int rd = rc + stride;
            for (int c = 0; c < depth; c++) {
                FloatVector q0 = FloatVector.fromArray(SPECIES, q, c * LANES);
                FloatVector q1 = FloatVector.fromArray(SPECIES, q, c * LANES + 16);
                FloatVector q2 = FloatVector.fromArray(SPECIES, q, c * LANES + 32);
                FloatVector q3 = FloatVector.fromArray(SPECIES, q, c * LANES + 48);
                FloatVector x = FloatVector.broadcast(SPECIES, k[ra + c]);
                a0 = q0.fma(x, a0);
                a1 = q1.fma(x, a1);
                a2 = q2.fma(x, a2);
                a3 = q3.fma(x, a3);
                x = FloatVector.broadcast(SPECIES, k[rb + c]);
                b0 = q0.fma(x, b0);
                b1 = q1.fma(x, b1);
                b2 = q2.fma(x, b2);
                b3 = q3.fma(x, b3);
                x = FloatVector.broadcast(SPECIES, k[rc + c]);
                c0 = q0.fma(x, c0);
                c1 = q1.fma(x, c1);
                c2 = q2.fma(x, c2);
                c3 = q3.fma(x, c3);
                x = FloatVector.broadcast(SPECIES, k[rd + c]);
                d0 = q0.fma(x, d0);
                d1 = q1.fma(x, d1);
                d2 = q2.fma(x, d2);
                d3 = q3.fma(x, d3);
            }
            int to = key * LANES;
            a0.intoArray(s, to);
            a1.intoArray(s, to + 16);
            a2.intoArray(s, to + 32);
            a3.intoArray(s, to + 48);
            b0.intoArray(s, to + 64);
            b1.intoArray(s, to + 80);
            b2.intoArray(s, to + 96);
            b3.intoArray(s, to + 112);
            c0.intoArray(s, to + 128);
            c1.intoArray(s, to + 144);
            c2.intoArray(s, to + 160);
            c3.intoArray(s, to + 176);
            d0.intoArray(s, to + 192);
            d1.intoArray(s, to + 208);
            d2.intoArray(s, to + 224);
            d3.intoArray(s, to + 240);
        }
    }

    private static void scoresOfOne(
            FlashTile tile, float[] k, int offset, int stride, int start, int end) {
        float[] q = tile.packed();
        float[] s = tile.scores();
        int depth = tile.depth();
        for (int key = start; key < end; key++) {
            FloatVector a0 = FloatVector.zero(SPECIES);
            FloatVector a1 = a0;
            FloatVector a2 = a0;
            FloatVector a3 = a0;
            int ra = offset + key * stride;
            for (int c = 0; c < depth; c++) {
                FloatVector q0 = FloatVector.fromArray(SPECIES, q, c * LANES);
                FloatVector q1 = FloatVector.fromArray(SPECIES, q, c * LANES + 16);
                FloatVector q2 = FloatVector.fromArray(SPECIES, q, c * LANES + 32);
                FloatVector q3 = FloatVector.fromArray(SPECIES, q, c * LANES + 48);
                FloatVector x = FloatVector.broadcast(SPECIES, k[ra + c]);
                a0 = q0.fma(x, a0);
                a1 = q1.fma(x, a1);
                a2 = q2.fma(x, a2);
                a3 = q3.fma(x, a3);
            }
            int to = key * LANES;
            a0.intoArray(s, to);
            a1.intoArray(s, to + 16);
            a2.intoArray(s, to + 32);
            a3.intoArray(s, to + 48);
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
            int at = d * LANES;
            FloatVector s0 = FloatVector.fromArray(SPECIES, alpha, 0);
            FloatVector s1 = FloatVector.fromArray(SPECIES, alpha, 16);
            FloatVector s2 = FloatVector.fromArray(SPECIES, alpha, 32);
            FloatVector s3 = FloatVector.fromArray(SPECIES, alpha, 48);
            FloatVector a0 = FloatVector.fromArray(SPECIES, o, at).mul(s0);
            FloatVector a1 = FloatVector.fromArray(SPECIES, o, at + 16).mul(s1);
            FloatVector a2 = FloatVector.fromArray(SPECIES, o, at + 32).mul(s2);
            FloatVector a3 = FloatVector.fromArray(SPECIES, o, at + 48).mul(s3);
            FloatVector b0 = FloatVector.fromArray(SPECIES, o, at + 64).mul(s0);
            FloatVector b1 = FloatVector.fromArray(SPECIES, o, at + 80).mul(s1);
            FloatVector b2 = FloatVector.fromArray(SPECIES, o, at + 96).mul(s2);
            FloatVector b3 = FloatVector.fromArray(SPECIES, o, at + 112).mul(s3);
            FloatVector c0 = FloatVector.fromArray(SPECIES, o, at + 128).mul(s0);
            FloatVector c1 = FloatVector.fromArray(SPECIES, o, at + 144).mul(s1);
            FloatVector c2 = FloatVector.fromArray(SPECIES, o, at + 160).mul(s2);
            FloatVector c3 = FloatVector.fromArray(SPECIES, o, at + 176).mul(s3);
            FloatVector d0 = FloatVector.fromArray(SPECIES, o, at + 192).mul(s0);
            FloatVector d1 = FloatVector.fromArray(SPECIES, o, at + 208).mul(s1);
            FloatVector d2 = FloatVector.fromArray(SPECIES, o, at + 224).mul(s2);
            FloatVector d3 = FloatVector.fromArray(SPECIES, o, at + 240).mul(s3);
            FloatVector e0 = FloatVector.fromArray(SPECIES, o, at + 256).mul(s0);
            FloatVector e1 = FloatVector.fromArray(SPECIES, o, at + 272).mul(s1);
            FloatVector e2 = FloatVector.fromArray(SPECIES, o, at + 288).mul(s2);
            FloatVector e3 = FloatVector.fromArray(SPECIES, o, at + 304).mul(s3);
            FloatVector f0 = FloatVector.fromArray(SPECIES, o, at + 320).mul(s0);
            FloatVector f1 = FloatVector.fromArray(SPECIES, o, at + 336).mul(s1);
            FloatVector f2 = FloatVector.fromArray(SPECIES, o, at + 352).mul(s2);
            FloatVector f3 = FloatVector.fromArray(SPECIES, o, at + 368).mul(s3);
            int row = offset + d;
            for (int from = 0; from < keys * LANES; from += LANES) {
                FloatVector p0 = FloatVector.fromArray(SPECIES, p, from);
                FloatVector p1 = FloatVector.fromArray(SPECIES, p, from + 16);
                FloatVector p2 = FloatVector.fromArray(SPECIES, p, from + 32);
                FloatVector p3 = FloatVector.fromArray(SPECIES, p, from + 48);
                FloatVector x = FloatVector.broadcast(SPECIES, v[row]);
                a0 = p0.fma(x, a0);
                a1 = p1.fma(x, a1);
                a2 = p2.fma(x, a2);
                a3 = p3.fma(x, a3);
                x = FloatVector.broadcast(SPECIES, v[row + 1]);
                b0 = p0.fma(x, b0);
                b1 = p1.fma(x, b1);
                b2 = p2.fma(x, b2);
                b3 = p3.fma(x, b3);
                x = FloatVector.broadcast(SPECIES, v[row + 2]);
                c0 = p0.fma(x, c0);
                c1 = p1.fma(x, c1);
                c2 = p2.fma(x, c2);
                c3 = p3.fma(x, c3);
                x = FloatVector.broadcast(SPECIES, v[row + 3]);
                d0 = p0.fma(x, d0);
                d1 = p1.fma(x, d1);
                d2 = p2.fma(x, d2);
                d3 = p3.fma(x, d3);
                x = FloatVector.broadcast(SPECIES, v[row + 4]);
                e0 = p0.fma(x, e0);
                e1 = p1.fma(x, e1);
                e2 = p2.fma(x, e2);
                e3 = p3.fma(x, e3);
                x = FloatVector.broadcast(SPECIES, v[row + 5]);
                f0 = p0.fma(x, f0);
                f1 = p1.fma(x, f1);
                f2 = p2.fma(x, f2);
                f3 = p3.fma(x, f3);
                row += stride;
            }
            a0.intoArray(o, at);
            a1.intoArray(o, at + 16);
            a2.intoArray(o, at + 32);
            a3.intoArray(o, at + 48);
            b0.intoArray(o, at + 64);
            b1.intoArray(o, at + 80);
            b2.intoArray(o, at + 96);
            b3.intoArray(o, at + 112);
            c0.intoArray(o, at + 128);
            c1.intoArray(o, at + 144);
            c2.intoArray(o, at + 160);
            c3.intoArray(o, at + 176);
            d0.intoArray(o, at + 192);
            d1.intoArray(o, at + 208);
            d2.intoArray(o, at + 224);
            d3.intoArray(o, at + 240);
            e0.intoArray(o, at + 256);
            e1.intoArray(o, at + 272);
            e2.intoArray(o, at + 288);
            e3.intoArray(o, at + 304);
            f0.intoArray(o, at + 320);
            f1.intoArray(o, at + 336);
            f2.intoArray(o, at + 352);
            f3.intoArray(o, at + 368);
        }
    }

    @SuppressWarnings("checkstyle:methodlength") // accumulators must be local variables
    private static void weighFour(FlashTile tile, float[] v, int offset, int stride, int keys) {
        float[] p = tile.scores();
        float[] o = tile.output();
        float[] alpha = tile.alpha();
        int end = fours(tile.width());
        for (int d = sixes(tile.width()); d < end; d += 4) {
            int at = d * LANES;
            FloatVector s0 = FloatVector.fromArray(SPECIES, alpha, 0);
            FloatVector s1 = FloatVector.fromArray(SPECIES, alpha, 16);
            FloatVector s2 = FloatVector.fromArray(SPECIES, alpha, 32);
            FloatVector s3 = FloatVector.fromArray(SPECIES, alpha, 48);
            FloatVector a0 = FloatVector.fromArray(SPECIES, o, at).mul(s0);
            FloatVector a1 = FloatVector.fromArray(SPECIES, o, at + 16).mul(s1);
            FloatVector a2 = FloatVector.fromArray(SPECIES, o, at + 32).mul(s2);
            FloatVector a3 = FloatVector.fromArray(SPECIES, o, at + 48).mul(s3);
            FloatVector b0 = FloatVector.fromArray(SPECIES, o, at + 64).mul(s0);
            FloatVector b1 = FloatVector.fromArray(SPECIES, o, at + 80).mul(s1);
            FloatVector b2 = FloatVector.fromArray(SPECIES, o, at + 96).mul(s2);
            FloatVector b3 = FloatVector.fromArray(SPECIES, o, at + 112).mul(s3);
            FloatVector c0 = FloatVector.fromArray(SPECIES, o, at + 128).mul(s0);
            FloatVector c1 = FloatVector.fromArray(SPECIES, o, at + 144).mul(s1);
            FloatVector c2 = FloatVector.fromArray(SPECIES, o, at + 160).mul(s2);
            FloatVector c3 = FloatVector.fromArray(SPECIES, o, at + 176).mul(s3);
            FloatVector d0 = FloatVector.fromArray(SPECIES, o, at + 192).mul(s0);
            FloatVector d1 = FloatVector.fromArray(SPECIES, o, at + 208).mul(s1);
            FloatVector d2 = FloatVector.fromArray(SPECIES, o, at + 224).mul(s2);
            FloatVector d3 = FloatVector.fromArray(SPECIES, o, at + 240).mul(s3);
            int row = offset + d;
            for (int from = 0; from < keys * LANES; from += LANES) {
                FloatVector p0 = FloatVector.fromArray(SPECIES, p, from);
                FloatVector p1 = FloatVector.fromArray(SPECIES, p, from + 16);
                FloatVector p2 = FloatVector.fromArray(SPECIES, p, from + 32);
                FloatVector p3 = FloatVector.fromArray(SPECIES, p, from + 48);
                FloatVector x = FloatVector.broadcast(SPECIES, v[row]);
                a0 = p0.fma(x, a0);
                a1 = p1.fma(x, a1);
                a2 = p2.fma(x, a2);
                a3 = p3.fma(x, a3);
                x = FloatVector.broadcast(SPECIES, v[row + 1]);
                b0 = p0.fma(x, b0);
                b1 = p1.fma(x, b1);
                b2 = p2.fma(x, b2);
                b3 = p3.fma(x, b3);
                x = FloatVector.broadcast(SPECIES, v[row + 2]);
                c0 = p0.fma(x, c0);
                c1 = p1.fma(x, c1);
                c2 = p2.fma(x, c2);
                c3 = p3.fma(x, c3);
                x = FloatVector.broadcast(SPECIES, v[row + 3]);
                d0 = p0.fma(x, d0);
                d1 = p1.fma(x, d1);
                d2 = p2.fma(x, d2);
                d3 = p3.fma(x, d3);
                row += stride;
            }
            a0.intoArray(o, at);
            a1.intoArray(o, at + 16);
            a2.intoArray(o, at + 32);
            a3.intoArray(o, at + 48);
            b0.intoArray(o, at + 64);
            b1.intoArray(o, at + 80);
            b2.intoArray(o, at + 96);
            b3.intoArray(o, at + 112);
            c0.intoArray(o, at + 128);
            c1.intoArray(o, at + 144);
            c2.intoArray(o, at + 160);
            c3.intoArray(o, at + 176);
            d0.intoArray(o, at + 192);
            d1.intoArray(o, at + 208);
            d2.intoArray(o, at + 224);
            d3.intoArray(o, at + 240);
        }
    }

    private static void weighOne(FlashTile tile, float[] v, int offset, int stride, int keys) {
        float[] p = tile.scores();
        float[] o = tile.output();
        float[] alpha = tile.alpha();
        int width = tile.width();
        for (int d = fours(width); d < width; d++) {
            int at = d * LANES;
            FloatVector s0 = FloatVector.fromArray(SPECIES, alpha, 0);
            FloatVector s1 = FloatVector.fromArray(SPECIES, alpha, 16);
            FloatVector s2 = FloatVector.fromArray(SPECIES, alpha, 32);
            FloatVector s3 = FloatVector.fromArray(SPECIES, alpha, 48);
            FloatVector a0 = FloatVector.fromArray(SPECIES, o, at).mul(s0);
            FloatVector a1 = FloatVector.fromArray(SPECIES, o, at + 16).mul(s1);
            FloatVector a2 = FloatVector.fromArray(SPECIES, o, at + 32).mul(s2);
            FloatVector a3 = FloatVector.fromArray(SPECIES, o, at + 48).mul(s3);
            int row = offset + d;
            for (int from = 0; from < keys * LANES; from += LANES) {
                FloatVector p0 = FloatVector.fromArray(SPECIES, p, from);
                FloatVector p1 = FloatVector.fromArray(SPECIES, p, from + 16);
                FloatVector p2 = FloatVector.fromArray(SPECIES, p, from + 32);
                FloatVector p3 = FloatVector.fromArray(SPECIES, p, from + 48);
                FloatVector x = FloatVector.broadcast(SPECIES, v[row]);
                a0 = p0.fma(x, a0);
                a1 = p1.fma(x, a1);
                a2 = p2.fma(x, a2);
                a3 = p3.fma(x, a3);
                row += stride;
            }
            a0.intoArray(o, at);
            a1.intoArray(o, at + 16);
            a2.intoArray(o, at + 32);
            a3.intoArray(o, at + 48);
        }
    }
}
