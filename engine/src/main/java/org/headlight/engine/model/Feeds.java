package org.headlight.engine.model;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;

import org.headlight.engine.problem.BadInputException;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntToDoubleFunction;

/** The tensors that one run of a graph is fed with. Closing it closes those that it made. */
final class Feeds implements AutoCloseable {
    private final OrtEnvironment environment;
    private final String owner;
    private final Map<String, OnnxTensor> tensors = new HashMap<>();
    private final List<OnnxTensor> own = new ArrayList<>();
    private final Map<String, OnnxTensor> pinned = new HashMap<>();
    private int rows;

    /**
     * @param owner the model's name, for messages
     */
    Feeds(OrtEnvironment environment, String owner) {
        this.environment = environment;
        this.owner = owner;
    }

    /** By input name. */
    Map<String, OnnxTensor> tensors() {
        return tensors;
    }

    /** Tensors that outputs are written to, by output name. */
    Map<String, OnnxTensor> pinned() {
        return pinned;
    }

    /** Tokens that the run is over; 0 when it has none. */
    int rows() {
        return rows;
    }

    /** The same for a run over so many tokens. */
    Feeds over(int tokens) {
        rows = tokens;
        return this;
    }

    /** Feeds an empty cache that an output shares the memory of. */
    void share(GraphInput input, int tokens, String output) throws OrtException {
        fill(input, input.pastShape(tokens), i -> 0);
        pinned.put(output, Objects.requireNonNull(tensors.get(input.name())));
    }

    /** Whether they are one input, and no batch of several. */
    boolean single() {
        return tensors.values().stream()
                .map(tensor -> tensor.getInfo().getShape())
                .allMatch(shape -> shape.length < 2 || shape[0] == 1);
    }

    boolean has(String input) {
        return tensors.containsKey(input);
    }

    /** Feeds a tensor that stays its maker's. */
    void put(String input, OnnxTensor tensor) {
        tensors.put(input, tensor);
    }

    /** Feeds a tensor that the caller gives by value. */
    void put(GraphInput input, InputTensor given) throws OrtException {
        long[] shape = given.shape();
        boolean fits = shape.length == input.dims().size();
        for (int i = 0; fits && i < shape.length; i++) {
            fits = input.dims().get(i) < 0 || input.dims().get(i) == shape[i];
        }
        if (!fits) {
            throw new BadInputException(
                    "The input "
                            + input.name()
                            + " of "
                            + owner
                            + " has the shape "
                            + input.shapeText()
                            + ", but it was given "
                            + java.util.Arrays.toString(shape)
                            + ".");
        }
        fill(input, shape, given::value);
    }

    /**
     * Feeds what a role asks for.
     *
     * @param past tokens before the chunk
     * @param ids the tokens of the chunk
     */
    void put(GraphInput input, int past, int[] ids) throws OrtException {
        int count = ids.length;
        rows = count;
        switch (input.role()) {
            case IDS -> fill(input, sequence(input, count), i -> ids[i % count]);
            case ATTENTION_MASK -> fill(input, sequence(input, past + count), i -> 1);
            case POSITIONS -> fill(input, sequence(input, count), i -> past + i % count);
            case SEGMENTS, USE_CACHE -> fill(input, sequence(input, count), i -> 0);
            case LOGITS_TO_KEEP -> fill(input, sequence(input, 1), i -> 1);
            case LAST_POSITION -> fill(input, sequence(input, 1), i -> past + count - 1);
            case LENGTH -> fill(input, sequence(input, 1), i -> past + count);
            case PAST_LENGTH -> fill(input, sequence(input, 1), i -> past);
            case PAST -> fill(input, input.pastShape(past), i -> 0);
            case OTHER -> throw new IllegalStateException(input.name());
        }
    }

    /** The last free size is the length, the others are 1. */
    private long[] sequence(GraphInput input, int length) {
        long[] shape = new long[input.dims().size()];
        for (int i = 0; i < shape.length; i++) {
            boolean last = i == shape.length - 1;
            long dim = input.dims().get(i);
            shape[i] = dim >= 0 ? dim : last ? length : 1;
            boolean sequence =
                    switch (input.role()) {
                        case IDS, ATTENTION_MASK, POSITIONS, SEGMENTS -> true;
                        default -> false;
                    };
            if (sequence && last && dim >= 0 && dim != length) {
                throw new BadInputException(
                        owner
                                + " takes exactly "
                                + dim
                                + (dim == 1 ? " token" : " tokens")
                                + " (its input "
                                + input.name()
                                + " is "
                                + input.shapeText()
                                + "), but there "
                                + (length == 1 ? "is " : "are ")
                                + length
                                + "; give it that many, or export it with a free length.");
            }
        }
        return shape;
    }

    private void fill(GraphInput input, long[] shape, IntToDoubleFunction values)
            throws OrtException {
        long count = 1;
        for (long dim : shape) {
            count = Math.multiplyExact(count, dim);
        }
        int size = Math.toIntExact(count);
        ByteBuffer buffer = InputTensor.buffer(Math.max(1, (long) size * input.type().size));
        for (int i = 0; i < size; i++) {
            write(buffer, i, values.applyAsDouble(i), input);
        }
        buffer.limit(size * input.type().size);
        OnnxTensor tensor = OnnxTensor.createTensor(environment, buffer, shape, input.type());
        own.add(tensor);
        tensors.put(input.name(), tensor);
    }

    private void write(ByteBuffer buffer, int i, double value, GraphInput input) {
        switch (input.type()) {
            case FLOAT -> buffer.putFloat(i * Float.BYTES, (float) value);
            case DOUBLE -> buffer.putDouble(i * Double.BYTES, value);
            case INT64 -> buffer.putLong(i * Long.BYTES, (long) value);
            case INT32 -> buffer.putInt(i * Integer.BYTES, (int) value);
            case BOOL, INT8, UINT8 -> buffer.put(i, (byte) value);
            case FLOAT16 -> buffer.putShort(i * Short.BYTES, Float.floatToFloat16((float) value));
            case BFLOAT16 ->
                    buffer.putShort(
                            i * Short.BYTES,
                            (short) (Float.floatToRawIntBits((float) value) >>> Short.SIZE));
            case INT16, STRING, UNKNOWN ->
                    throw new BadInputException(
                            "The input "
                                    + input.name()
                                    + " of "
                                    + owner
                                    + " has the type "
                                    + input.typeName()
                                    + ", which cannot be fed; expected whole numbers, truth values"
                                    + " or floats.");
        }
    }

    @Override
    public void close() {
        own.forEach(OnnxTensor::close);
        own.clear();
        tensors.clear();
        pinned.clear();
    }

    /** Whether values of a type are numbers with a fraction. */
    static boolean floating(OnnxJavaType type) {
        return switch (type) {
            case FLOAT, DOUBLE, FLOAT16, BFLOAT16 -> true;
            default -> false;
        };
    }
}
