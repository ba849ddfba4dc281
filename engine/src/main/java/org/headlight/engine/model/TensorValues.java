package org.headlight.engine.model;

import ai.onnxruntime.OnnxTensor;

import org.headlight.engine.problem.BadInputException;

import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;

/** Reads tensors of any element type as 32-bit floats. */
final class TensorValues {
    private TensorValues() {}

    /**
     * The values in row-major order, in an array of their own.
     *
     * @param name the tensor's name, for messages
     * @throws BadInputException when its type is none of float32, float16, bfloat16, float64, bool,
     *     int32, int64
     */
    static float[] floats(String name, OnnxTensor tensor) {
        return switch (tensor.getInfo().type) {
            case FLOAT -> array(tensor.getFloatBuffer());
            case FLOAT16 -> {
                short[] halves = array(tensor.getShortBuffer());
                float[] out = new float[halves.length];
                for (int i = 0; i < out.length; i++) {
                    out[i] = Float.float16ToFloat(halves[i]);
                }
                yield out;
            }
            case BFLOAT16 -> {
                short[] halves = array(tensor.getShortBuffer());
                float[] out = new float[halves.length];
                for (int i = 0; i < out.length; i++) {
                    out[i] = Float.intBitsToFloat(halves[i] << Short.SIZE);
                }
                yield out;
            }
            case DOUBLE -> {
                DoubleBuffer values = tensor.getDoubleBuffer();
                float[] out = new float[values.remaining()];
                for (int i = 0; i < out.length; i++) {
                    out[i] = (float) values.get(i);
                }
                yield out;
            }
            case BOOL -> {
                ByteBuffer values = tensor.getByteBuffer();
                float[] out = new float[values.remaining()];
                for (int i = 0; i < out.length; i++) {
                    out[i] = values.get(i);
                }
                yield out;
            }
            case INT64 -> {
                LongBuffer values = tensor.getLongBuffer();
                float[] out = new float[values.remaining()];
                for (int i = 0; i < out.length; i++) {
                    out[i] = values.get(i);
                }
                yield out;
            }
            case INT32 -> {
                IntBuffer values = tensor.getIntBuffer();
                float[] out = new float[values.remaining()];
                for (int i = 0; i < out.length; i++) {
                    out[i] = values.get(i);
                }
                yield out;
            }
            default ->
                    throw new BadInputException(
                            "The tensor "
                                    + name
                                    + " has the type "
                                    + tensor.getInfo().type
                                    + ", which attention cannot be read from; expected floats.");
        };
    }

    private static float[] array(FloatBuffer buffer) {
        if (buffer.hasArray() && buffer.array().length == buffer.remaining()) {
            return buffer.array();
        }
        float[] out = new float[buffer.remaining()];
        buffer.get(out);
        return out;
    }

    private static short[] array(ShortBuffer buffer) {
        if (buffer.hasArray() && buffer.array().length == buffer.remaining()) {
            return buffer.array();
        }
        short[] out = new short[buffer.remaining()];
        buffer.get(out);
        return out;
    }
}
