package org.headlight.engine.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * One query against a list of keys, for vectors of the machine's own width: lanes are channels for
 * the products, keys for the softmax. Bound by memory, not by arithmetic.
 */
final class RowProduct {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int WIDTH = SPECIES.length();

    private RowProduct() {}

    /** Scores: s[i] = query . k[keys[i]]. */
    static void dots(FlashRow row, float[] k, int offset, int stride, int count) {
        float[] q = row.query();
        float[] s = row.scores();
        int[] keys = row.keys();
        int depth = row.depth();
        int whole = SPECIES.loopBound(depth);
        VectorMask<Float> rest = SPECIES.indexInRange(whole, depth);
        for (int i = 0; i < count; i += 4) {
            int ra = offset + keys[i] * stride;
            int rb = offset + keys[Math.min(i + 1, count - 1)] * stride;
            int rc = offset + keys[Math.min(i + 2, count - 1)] * stride;
            int rd = offset + keys[Math.min(i + 3, count - 1)] * stride;
            FloatVector a = FloatVector.zero(SPECIES);
            FloatVector b = a;
            FloatVector c = a;
            FloatVector d = a;
            for (int j = 0; j < whole; j += WIDTH) {
                FloatVector x = FloatVector.fromArray(SPECIES, q, j);
                a = FloatVector.fromArray(SPECIES, k, ra + j).fma(x, a);
                b = FloatVector.fromArray(SPECIES, k, rb + j).fma(x, b);
                c = FloatVector.fromArray(SPECIES, k, rc + j).fma(x, c);
                d = FloatVector.fromArray(SPECIES, k, rd + j).fma(x, d);
            }
            if (whole < depth) {
                FloatVector x = FloatVector.fromArray(SPECIES, q, whole, rest);
                a = FloatVector.fromArray(SPECIES, k, ra + whole, rest).fma(x, a);
                b = FloatVector.fromArray(SPECIES, k, rb + whole, rest).fma(x, b);
                c = FloatVector.fromArray(SPECIES, k, rc + whole, rest).fma(x, c);
                d = FloatVector.fromArray(SPECIES, k, rd + whole, rest).fma(x, d);
            }
            s[Math.min(i + 3, count - 1)] = d.reduceLanes(VectorOperators.ADD);
            s[Math.min(i + 2, count - 1)] = c.reduceLanes(VectorOperators.ADD);
            s[Math.min(i + 1, count - 1)] = b.reduceLanes(VectorOperators.ADD);
            s[i] = a.reduceLanes(VectorOperators.ADD);
        }
    }

    /** The softmax's numerators of the keys at hand, with their maximum and sum. */
    static void soften(FlashRow row, int count) {
        float[] s = row.scores();
        float max = FlashTile.NOTHING;
        for (int i = 0; i < count; i++) {
            max = s[i] > max ? s[i] : max;
        }
        FloatVector total = FloatVector.zero(SPECIES);
        for (int i = 0; i < count; i += WIDTH) {
            VectorMask<Float> here = SPECIES.indexInRange(i, count);
            FloatVector x = FloatVector.fromArray(SPECIES, s, i, here).sub(max);
            x = x.blend(FlashKernels.FLOOR, x.compare(VectorOperators.LT, FlashKernels.FLOOR));
            FloatVector t = x.add(Exp2.ROUND);
            FloatVector f = x.sub(t.sub(Exp2.ROUND));
            FloatVector p = f.mul(Exp2.C5).add(Exp2.C4);
            p = p.fma(f, FloatVector.broadcast(SPECIES, Exp2.C3));
            p = p.fma(f, FloatVector.broadcast(SPECIES, Exp2.C2));
            p = p.fma(f, FloatVector.broadcast(SPECIES, Exp2.C1));
            p = p.fma(f, FloatVector.broadcast(SPECIES, 1f));
            p =
                    p.reinterpretAsInts()
                            .add(t.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23))
                            .reinterpretAsFloats();
            p.intoArray(s, i, here);
            total = total.add(p, here);
        }
        row.softened(max, total.reduceLanes(VectorOperators.ADD));
    }

    /** Output: o = sum of p[i] x v[keys[i]]. */
    static void weigh(FlashRow row, float[] v, int offset, int stride, int count) {
        int width = row.width();
        int d = 0;
        for (; d + 4 * WIDTH <= width; d += 4 * WIDTH) {
            weighFour(row, v, offset + d, stride, count, d);
        }
        for (; d + 2 * WIDTH <= width; d += 2 * WIDTH) {
            weighTwo(row, v, offset + d, stride, count, d);
        }
        for (; d < width; d += WIDTH) {
            weighOne(row, v, offset + d, stride, count, d);
        }
    }

    /** Four vectors of the output from {@code to} on. */
    private static void weighFour(
            FlashRow row, float[] v, int offset, int stride, int count, int to) {
        float[] p = row.scores();
        float[] o = row.output();
        int[] keys = row.keys();
        FloatVector a = FloatVector.zero(SPECIES);
        FloatVector b = a;
        FloatVector c = a;
        FloatVector e = a;
        for (int i = 0; i < count; i++) {
            int at = offset + keys[i] * stride;
            FloatVector x = FloatVector.broadcast(SPECIES, p[i]);
            a = FloatVector.fromArray(SPECIES, v, at).fma(x, a);
            b = FloatVector.fromArray(SPECIES, v, at + WIDTH).fma(x, b);
            c = FloatVector.fromArray(SPECIES, v, at + 2 * WIDTH).fma(x, c);
            e = FloatVector.fromArray(SPECIES, v, at + 3 * WIDTH).fma(x, e);
        }
        a.intoArray(o, to);
        b.intoArray(o, to + WIDTH);
        c.intoArray(o, to + 2 * WIDTH);
        e.intoArray(o, to + 3 * WIDTH);
    }

    /**
     * Two vectors of the output from {@code to} on; four keys at a time, since a sum has to wait
     * for the sum before.
     */
    private static void weighTwo(
            FlashRow row, float[] v, int offset, int stride, int count, int to) {
        float[] p = row.scores();
        float[] o = row.output();
        int[] keys = row.keys();
        FloatVector a = FloatVector.zero(SPECIES);
        FloatVector b = a;
        FloatVector c = a;
        FloatVector e = a;
        FloatVector f = a;
        FloatVector g = a;
        FloatVector h = a;
        FloatVector k = a;
        int whole = count & ~3;
        for (int i = 0; i < whole; i += 4) {
            int first = offset + keys[i] * stride;
            int second = offset + keys[i + 1] * stride;
            int third = offset + keys[i + 2] * stride;
            int fourth = offset + keys[i + 3] * stride;
            FloatVector x = FloatVector.broadcast(SPECIES, p[i]);
            a = FloatVector.fromArray(SPECIES, v, first).fma(x, a);
            b = FloatVector.fromArray(SPECIES, v, first + WIDTH).fma(x, b);
            FloatVector y = FloatVector.broadcast(SPECIES, p[i + 1]);
            c = FloatVector.fromArray(SPECIES, v, second).fma(y, c);
            e = FloatVector.fromArray(SPECIES, v, second + WIDTH).fma(y, e);
            FloatVector z = FloatVector.broadcast(SPECIES, p[i + 2]);
            f = FloatVector.fromArray(SPECIES, v, third).fma(z, f);
            g = FloatVector.fromArray(SPECIES, v, third + WIDTH).fma(z, g);
            FloatVector w = FloatVector.broadcast(SPECIES, p[i + 3]);
            h = FloatVector.fromArray(SPECIES, v, fourth).fma(w, h);
            k = FloatVector.fromArray(SPECIES, v, fourth + WIDTH).fma(w, k);
        }
        for (int i = whole; i < count; i++) {
            int at = offset + keys[i] * stride;
            FloatVector x = FloatVector.broadcast(SPECIES, p[i]);
            a = FloatVector.fromArray(SPECIES, v, at).fma(x, a);
            b = FloatVector.fromArray(SPECIES, v, at + WIDTH).fma(x, b);
        }
        a.add(c).add(f.add(h)).intoArray(o, to);
        b.add(e).add(g.add(k)).intoArray(o, to + WIDTH);
    }

    /** One vector of the output from {@code to} on, or what there is of it. */
    private static void weighOne(
            FlashRow row, float[] v, int offset, int stride, int count, int to) {
        float[] p = row.scores();
        int[] keys = row.keys();
        VectorMask<Float> here = SPECIES.indexInRange(to, row.width());
        FloatVector a = FloatVector.zero(SPECIES);
        FloatVector b = a;
        FloatVector c = a;
        FloatVector d = a;
        int whole = count & ~3;
        for (int i = 0; i < whole; i += 4) {
            FloatVector x = FloatVector.broadcast(SPECIES, p[i]);
            a = FloatVector.fromArray(SPECIES, v, offset + keys[i] * stride, here).fma(x, a);
            FloatVector y = FloatVector.broadcast(SPECIES, p[i + 1]);
            b = FloatVector.fromArray(SPECIES, v, offset + keys[i + 1] * stride, here).fma(y, b);
            FloatVector z = FloatVector.broadcast(SPECIES, p[i + 2]);
            c = FloatVector.fromArray(SPECIES, v, offset + keys[i + 2] * stride, here).fma(z, c);
            FloatVector w = FloatVector.broadcast(SPECIES, p[i + 3]);
            d = FloatVector.fromArray(SPECIES, v, offset + keys[i + 3] * stride, here).fma(w, d);
        }
        for (int i = whole; i < count; i++) {
            FloatVector x = FloatVector.broadcast(SPECIES, p[i]);
            a = FloatVector.fromArray(SPECIES, v, offset + keys[i] * stride, here).fma(x, a);
        }
        a.add(b).add(c.add(d)).intoArray(row.output(), to, here);
    }
}
