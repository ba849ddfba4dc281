package org.headlight.engine.attention;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;

import org.headlight.engine.onnx.SessionGraph;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;

/** Runs graphs in the runtime, for what tests compare with. */
public final class OrtRun {
    private static final OrtEnvironment ENVIRONMENT =
            OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "tests");

    private OrtRun() {}

    /** What a run gave: numbers as floats, truth values as 0 and 1. */
    public static final class Numbers {
        private final long[] shape;
        private final float[] values;

        public Numbers(long[] shape, float[] values) {
            this.shape = shape.clone();
            this.values = values.clone();
        }

        public long[] shape() {
            return shape.clone();
        }

        public float[] values() {
            return values.clone();
        }

        /** Size of an axis counted from the last (0); 1 beyond the first. */
        int fromLast(int axis) {
            return axis < shape.length ? (int) shape[shape.length - 1 - axis] : 1;
        }

        /** The element of [B, H, N, M], with missing and single axes repeated. */
        float at(int b, int h, int n, int m) {
            int[] index = {m, n, h, b};
            int offset = 0;
            int stride = 1;
            for (int axis = 0; axis < shape.length; axis++) {
                int size = fromLast(axis);
                offset += size == 1 ? 0 : index[axis] * stride;
                stride *= size;
            }
            return values[offset];
        }
    }

    public static OnnxTensor floats(float[] values, long... shape) {
        try {
            return OnnxTensor.createTensor(ENVIRONMENT, FloatBuffer.wrap(values), shape);
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }

    public static OnnxTensor longs(long[] values, long... shape) {
        try {
            return OnnxTensor.createTensor(ENVIRONMENT, LongBuffer.wrap(values), shape);
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }

    public static OnnxTensor truth(boolean value) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(1).put(0, (byte) (value ? 1 : 0));
        return raw(bytes, OnnxJavaType.BOOL, 1);
    }

    public static OnnxTensor raw(ByteBuffer bytes, OnnxJavaType type, long... shape) {
        try {
            return OnnxTensor.createTensor(ENVIRONMENT, bytes, shape, type);
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Runs a skeleton's graph. */
    public static Map<String, Numbers> run(
            SessionGraph graph, Map<String, OnnxTensor> feeds, Collection<String> outputs) {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.addConfigEntry(SessionGraph.FOLDER_OPTION, graph.externalFolder().toString());
            try (OrtSession session = ENVIRONMENT.createSession(graph.bytes(), options)) {
                return run(session, feeds, outputs);
            }
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Runs a file as it is. */
    public static Map<String, Numbers> run(Path file, Map<String, OnnxTensor> feeds) {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions();
                OrtSession session = ENVIRONMENT.createSession(file.toString(), options)) {
            return run(session, feeds, session.getOutputNames());
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, Numbers> run(
            OrtSession session, Map<String, OnnxTensor> feeds, Collection<String> outputs)
            throws OrtException {
        Map<String, OnnxTensorLike> used = new HashMap<>(feeds);
        used.keySet().retainAll(session.getInputNames());
        Map<String, Numbers> numbers = new LinkedHashMap<>();
        try (OrtSession.Result result = session.run(used, new LinkedHashSet<>(outputs))) {
            for (String name : new LinkedHashSet<>(outputs)) {
                OnnxTensor tensor = (OnnxTensor) result.get(name).orElseThrow();
                numbers.put(name, new Numbers(tensor.getInfo().getShape(), values(tensor)));
            }
        }
        return numbers;
    }

    private static float[] values(OnnxTensor tensor) {
        if (tensor.getInfo().type == OnnxJavaType.BOOL) {
            ByteBuffer bytes = tensor.getByteBuffer();
            float[] values = new float[bytes.remaining()];
            for (int i = 0; i < values.length; i++) {
                values[i] = bytes.get(i);
            }
            return values;
        }
        FloatBuffer floats = tensor.getFloatBuffer();
        float[] values = new float[floats.remaining()];
        floats.get(values);
        return values;
    }
}
