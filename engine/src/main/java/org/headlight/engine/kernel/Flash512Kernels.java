package org.headlight.engine.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The kernels of whole attention for 512-bit registers. Helpers that take or return vectors would
 * box them, so the exponential is written out in each loop.
 */
final class Flash512Kernels implements FlashKernels {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_512;
    private static final int WIDTH = SPECIES.length();
    private static final int LANES = FlashTile.LANES;

    /** Bits of the least exponent, -126; as whole numbers without sign larger bits are lower. */
    private static final int FLOOR = Float.floatToRawIntBits(-126f);

    @Override
    public String name() {
        return "vector, 512 bit";
    }

    @Override
    public void scores(FlashTile tile, float[] k, int offset, int stride, int keys) {
        Product512.scores(tile, k, offset, stride, keys);
    }

    @Override
    public void weigh(FlashTile tile, float[] v, int offset, int stride, int keys) {
        Product512.weigh(tile, v, offset, stride, keys);
    }

    @Override
    public void cap(float[] s, int count, float cap) {
        FloatVector scale = FloatVector.broadcast(SPECIES, cap);
        for (int i = 0; i < count; i += WIDTH) {
            VectorMask<Float> rest = SPECIES.indexInRange(i, count);
            FloatVector x = FloatVector.fromArray(SPECIES, s, i, rest);
            x = x.blend(Tanh.LIMIT, x.compare(VectorOperators.GT, Tanh.LIMIT));
            x = x.blend(-Tanh.LIMIT, x.compare(VectorOperators.LT, -Tanh.LIMIT));
            FloatVector y = x.mul(x);
            FloatVector n = y.mul(Tanh.A13).add(Tanh.A11);
            n = n.fma(y, FloatVector.broadcast(SPECIES, Tanh.A9));
            n = n.fma(y, FloatVector.broadcast(SPECIES, Tanh.A7));
            n = n.fma(y, FloatVector.broadcast(SPECIES, Tanh.A5));
            n = n.fma(y, FloatVector.broadcast(SPECIES, Tanh.A3));
            n = n.fma(y, FloatVector.broadcast(SPECIES, Tanh.A1));
            FloatVector m = y.mul(Tanh.B6).add(Tanh.B4);
            m = m.fma(y, FloatVector.broadcast(SPECIES, Tanh.B2));
            m = m.fma(y, FloatVector.broadcast(SPECIES, Tanh.B0));
            x.mul(n).div(m).mul(scale).intoArray(s, i, rest);
        }
    }

    @Override
    public void hide(FlashTile tile, int key, int keys) {
        float[] s = tile.scores();
        for (int lane = 0; lane < LANES; lane += WIDTH) {
            FloatVector first = FloatVector.fromArray(SPECIES, tile.first(), lane);
            FloatVector end = FloatVector.fromArray(SPECIES, tile.end(), lane);
            FloatVector position = FloatVector.broadcast(SPECIES, (float) key);
            for (int i = 0; i < keys; i++) {
                int at = i * LANES + lane;
                VectorMask<Float> hidden =
                        position.compare(VectorOperators.LT, first)
                                .or(position.compare(VectorOperators.GE, end));
                FloatVector.fromArray(SPECIES, s, at)
                        .blend(Float.NEGATIVE_INFINITY, hidden)
                        .intoArray(s, at);
                position = position.add(1f);
            }
        }
    }

    @Override
    public void hide(FlashTile tile, long[] seen, int at, int keys) {
        float[] s = tile.scores();
        FloatVector hidden = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
        for (int i = 0; i < keys; i++) {
            long lanes = seen[at + i];
            for (int lane = 0; lane < LANES; lane += WIDTH) {
                int to = i * LANES + lane;
                hidden.blend(
                                FloatVector.fromArray(SPECIES, s, to),
                                VectorMask.fromLong(SPECIES, lanes >>> lane))
                        .intoArray(s, to);
            }
        }
    }

    @Override
    @SuppressWarnings("checkstyle:methodlength") // vectors must not leave the method
    public void soften(FlashTile tile, int keys) {
        float[] s = tile.scores();
        float[] max = tile.max();
        float[] sum = tile.sum();
        float[] alpha = tile.alpha();
        FloatVector one = FloatVector.broadcast(SPECIES, 1f);
        FloatVector c1 = FloatVector.broadcast(SPECIES, Exp2.C1);
        FloatVector c2 = FloatVector.broadcast(SPECIES, Exp2.C2);
        FloatVector c3 = FloatVector.broadcast(SPECIES, Exp2.C3);
        FloatVector c4 = FloatVector.broadcast(SPECIES, Exp2.C4);
        FloatVector c5 = FloatVector.broadcast(SPECIES, Exp2.C5);
        IntVector floor = IntVector.broadcast(IntVector.SPECIES_512, FLOOR);
        FloatVector top0 = FloatVector.fromArray(SPECIES, max, 0);
        FloatVector top1 = FloatVector.fromArray(SPECIES, max, WIDTH);
        FloatVector top2 = FloatVector.fromArray(SPECIES, max, 2 * WIDTH);
        FloatVector top3 = FloatVector.fromArray(SPECIES, max, 3 * WIDTH);
        for (int at = 0; at < keys * LANES; at += LANES) {
            FloatVector x = FloatVector.fromArray(SPECIES, s, at);
            FloatVector y = FloatVector.fromArray(SPECIES, s, at + WIDTH);
            FloatVector z = FloatVector.fromArray(SPECIES, s, at + 2 * WIDTH);
            FloatVector w = FloatVector.fromArray(SPECIES, s, at + 3 * WIDTH);
            top0 = top0.blend(x, x.compare(VectorOperators.GT, top0));
            top1 = top1.blend(y, y.compare(VectorOperators.GT, top1));
            top2 = top2.blend(z, z.compare(VectorOperators.GT, top2));
            top3 = top3.blend(w, w.compare(VectorOperators.GT, top3));
        }
        FloatVector.fromArray(SPECIES, max, 0).sub(top0).intoArray(alpha, 0);
        FloatVector.fromArray(SPECIES, max, WIDTH).sub(top1).intoArray(alpha, WIDTH);
        FloatVector.fromArray(SPECIES, max, 2 * WIDTH).sub(top2).intoArray(alpha, 2 * WIDTH);
        FloatVector.fromArray(SPECIES, max, 3 * WIDTH).sub(top3).intoArray(alpha, 3 * WIDTH);
        top0.intoArray(max, 0);
        top1.intoArray(max, WIDTH);
        top2.intoArray(max, 2 * WIDTH);
        top3.intoArray(max, 3 * WIDTH);
        for (int lane = 0; lane < LANES; lane += WIDTH) {
            FloatVector x = FloatVector.fromArray(SPECIES, alpha, lane);
            x = x.reinterpretAsInts().lanewise(VectorOperators.UMIN, floor).reinterpretAsFloats();
            FloatVector t = x.add(Exp2.ROUND);
            FloatVector f = x.sub(t.sub(Exp2.ROUND));
            FloatVector p = f.fma(c5, c4);
            p = p.fma(f, c3);
            p = p.fma(f, c2);
            p = p.fma(f, c1);
            p = p.fma(f, one);
            p =
                    p.reinterpretAsInts()
                            .add(t.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23))
                            .reinterpretAsFloats();
            p.intoArray(alpha, lane);
            p.mul(FloatVector.fromArray(SPECIES, sum, lane)).intoArray(sum, lane);
        }
        for (int lane = 0; lane < LANES; lane += WIDTH) {
            FloatVector top = FloatVector.fromArray(SPECIES, max, lane);
            FloatVector total = FloatVector.fromArray(SPECIES, sum, lane);
            for (int key = 0; key < keys; key++) {
                int at = key * LANES + lane;
                FloatVector x = FloatVector.fromArray(SPECIES, s, at).sub(top);
                x =
                        x.reinterpretAsInts()
                                .lanewise(VectorOperators.UMIN, floor)
                                .reinterpretAsFloats();
                FloatVector t = x.add(Exp2.ROUND);
                FloatVector f = x.sub(t.sub(Exp2.ROUND));
                FloatVector p = f.fma(c5, c4);
                p = p.fma(f, c3);
                p = p.fma(f, c2);
                p = p.fma(f, c1);
                p = p.fma(f, one);
                p =
                        p.reinterpretAsInts()
                                .add(t.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23))
                                .reinterpretAsFloats();
                p.intoArray(s, at);
                total = total.add(p);
            }
            total.intoArray(sum, lane);
        }
    }

    @Override
    public void dots(FlashRow row, float[] k, int offset, int stride, int count) {
        RowProduct.dots(row, k, offset, stride, count);
    }

    @Override
    public void soften(FlashRow row, int count) {
        RowProduct.soften(row, count);
    }

    @Override
    public void weigh(FlashRow row, float[] v, int offset, int stride, int count) {
        RowProduct.weigh(row, v, offset, stride, count);
    }
}
