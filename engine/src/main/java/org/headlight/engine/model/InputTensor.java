package org.headlight.engine.model;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** A tensor to feed to a model by the name of its input. Immutable. */
public final class InputTensor {
    /** Type of the elements. The runtime's type is the one that the model's input has. */
    enum Type {
        FLOAT,
        LONG,
        BOOLEAN
    }

    private final Type type;
    private final double[] values;
    private final long[] shape;

    private InputTensor(Type type, double[] values, long[] shape) {
        long count = 1;
        for (long dim : shape) {
            count = Math.multiplyExact(count, dim);
        }
        if (count != values.length) {
            throw new IllegalArgumentException(
                    values.length + " values for the shape " + Arrays.toString(shape));
        }
        this.type = type;
        this.values = values;
        this.shape = shape.clone();
    }

    /** A tensor of numbers with a fraction. */
    public static InputTensor floats(float[] values, long... shape) {
        double[] copy = new double[values.length];
        for (int i = 0; i < copy.length; i++) {
            copy[i] = values[i];
        }
        return new InputTensor(Type.FLOAT, copy, shape);
    }

    /** A tensor of whole numbers of at most 53 bits. */
    public static InputTensor longs(long[] values, long... shape) {
        return new InputTensor(Type.LONG, Arrays.stream(values).asDoubleStream().toArray(), shape);
    }

    /** A tensor of truth values. */
    public static InputTensor booleans(boolean[] values, long... shape) {
        double[] copy = new double[values.length];
        for (int i = 0; i < copy.length; i++) {
            copy[i] = values[i] ? 1 : 0;
        }
        return new InputTensor(Type.BOOLEAN, copy, shape);
    }

    Type type() {
        return type;
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
