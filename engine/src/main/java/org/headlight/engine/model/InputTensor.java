package org.headlight.engine.model;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** A tensor to feed to a model by the name of its input. Immutable. */
public final class InputTensor {
    private final double[] values;
    private final long[] shape;

    private InputTensor(double[] values, long[] shape) {
        long count = 1;
        for (long dim : shape) {
            count = Math.multiplyExact(count, dim);
        }
        if (count != values.length) {
            throw new IllegalArgumentException(
                    values.length + " values for the shape " + Arrays.toString(shape));
        }
        this.values = values;
        this.shape = shape.clone();
    }

    /** A tensor of numbers with a fraction. */
    public static InputTensor floats(float[] values, long... shape) {
        double[] copy = new double[values.length];
        for (int i = 0; i < copy.length; i++) {
            copy[i] = values[i];
        }
        return new InputTensor(copy, shape);
    }

    /** A tensor of whole numbers of at most 53 bits. */
    public static InputTensor longs(long[] values, long... shape) {
        return new InputTensor(Arrays.stream(values).asDoubleStream().toArray(), shape);
    }

    int size() {
        return values.length;
    }

    double value(int index) {
        return values[index];
    }

    /** The shape. */
    public long[] shape() {
        return shape.clone();
    }

    static ByteBuffer buffer(long bytes) {
        return ByteBuffer.allocateDirect(Math.toIntExact(bytes)).order(ByteOrder.nativeOrder());
    }
}
