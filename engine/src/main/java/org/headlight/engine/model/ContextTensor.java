package org.headlight.engine.model;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.TensorInfo;

import org.headlight.engine.attend.HeadArray;
import org.headlight.engine.attention.AttentionSite;
import org.headlight.engine.cut.UncuttableException;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * What a site gives to the rest of the graph, as the graph wants it.
 *
 * @param tensor its name
 * @param layout how it is laid out; heads may be two axes, [.., KV, G, ..]
 * @param rank its dimensions
 * @param groups KV, where heads are two axes; 0 where they are one
 * @param type its element type
 */
record ContextTensor(
        String tensor,
        AttentionSite.Context.Layout layout,
        int rank,
        int groups,
        OnnxJavaType type) {
    private static final int WITH_GROUPS = 5;
    private static final int ROUND_HALF = 0x7FFF;

    /**
     * Reads off the whole graph what a site gives.
     *
     * @param info what a run gave
     * @throws UncuttableException when it is not laid out as attention is
     */
    static ContextTensor of(AttentionSite site, TensorInfo info) throws UncuttableException {
        long[] dims = info.getShape();
        int rank = dims.length;
        AttentionSite.Context.Layout layout = site.context().layout();
        int least =
                switch (layout) {
                    case HEADS -> 3;
                    case POSITIONS -> 4;
                    case FLAT -> 2;
                };
        int most = layout == AttentionSite.Context.Layout.FLAT ? least + 1 : WITH_GROUPS;
        int firstOfHeads = layout == AttentionSite.Context.Layout.POSITIONS ? 2 : 1;
        int groups = rank == WITH_GROUPS ? Math.toIntExact(dims[firstOfHeads]) : 0;
        boolean known =
                switch (info.type) {
                    case FLOAT, FLOAT16, BFLOAT16, DOUBLE -> true;
                    default -> false;
                };
        if (rank < least || rank > most || !known) {
            throw new UncuttableException(
                    "what the site "
                            + site.node()
                            + " gives, "
                            + site.context().tensor()
                            + ", has "
                            + rank
                            + " dimensions of "
                            + info.type
                            + ", which is not how attention is laid out");
        }
        return new ContextTensor(site.context().tensor(), layout, rank, groups, info.type);
    }

    /** Room for it, to be filled by attention. */
    HeadArray array(int heads, int rows, int width) {
        float[] values = new float[Math.multiplyExact(Math.multiplyExact(heads, rows), width)];
        return layout == AttentionSite.Context.Layout.HEADS
                ? HeadArray.headsFirst(values, heads, rows, width)
                : HeadArray.rowsFirst(values, heads, rows, width);
    }

    private long[] shape(HeadArray array) {
        long heads = array.heads();
        long rows = array.rows();
        long width = array.width();
        if (groups > 0) {
            long each = heads / groups;
            return layout == AttentionSite.Context.Layout.HEADS
                    ? new long[] {1, groups, each, rows, width}
                    : new long[] {1, rows, groups, each, width};
        }
        if (layout == AttentionSite.Context.Layout.HEADS) {
            return rank == 4 ? new long[] {1, heads, rows, width} : new long[] {heads, rows, width};
        }
        if (layout == AttentionSite.Context.Layout.POSITIONS) {
            return new long[] {1, rows, heads, width};
        }
        return rank == 3 ? new long[] {1, rows, heads * width} : new long[] {rows, heads * width};
    }

    /** The tensor, in memory of its own. */
    OnnxTensor make(OrtEnvironment environment, HeadArray array, Arena arena) throws OrtException {
        long[] shape = shape(array);
        float[] values = array.values();
        MemorySegment cells = arena.allocate(Math.max(1L, (long) values.length * bytes()), 64);
        switch (type) {
            case FLOAT ->
                    MemorySegment.copy(values, 0, cells, ValueLayout.JAVA_FLOAT, 0, values.length);
            case DOUBLE -> {
                for (int i = 0; i < values.length; i++) {
                    cells.setAtIndex(ValueLayout.JAVA_DOUBLE, i, values[i]);
                }
            }
            default -> {
                short[] halves = new short[values.length];
                for (int i = 0; i < halves.length; i++) {
                    halves[i] =
                            type == OnnxJavaType.FLOAT16
                                    ? Float.floatToFloat16(values[i])
                                    : bfloat(values[i]);
                }
                MemorySegment.copy(halves, 0, cells, ValueLayout.JAVA_SHORT, 0, halves.length);
            }
        }
        return OnnxTensor.createTensor(
                environment, cells.asByteBuffer().order(ByteOrder.nativeOrder()), shape, type);
    }

    private int bytes() {
        return switch (type) {
            case FLOAT -> Float.BYTES;
            case DOUBLE -> Double.BYTES;
            default -> Short.BYTES;
        };
    }

    /** Rounded to the nearest, ties to even. */
    private static short bfloat(float value) {
        if (Float.isNaN(value)) {
            return 0x7FC0;
        }
        int bits = Float.floatToRawIntBits(value);
        return (short) ((bits + ROUND_HALF + (bits >>> Short.SIZE & 1)) >>> Short.SIZE);
    }
}
