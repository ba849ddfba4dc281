package org.headlight.engine.model;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;

import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Greedy decoding by ONNX Runtime alone: the file as it is, the whole text in one run for every
 * token, nothing kept in between.
 */
final class PlainDecoder implements AutoCloseable {
    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;

    PlainDecoder(Path file) throws OrtException {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(2);
            session = environment.createSession(file.toString(), options);
        }
    }

    /** Writes so many tokens, whatever they are. */
    int[] greedy(List<Integer> prompt, int count) throws OrtException {
        int[] all = new int[prompt.size() + count];
        for (int i = 0; i < prompt.size(); i++) {
            all[i] = prompt.get(i);
        }
        int[] response = new int[count];
        for (int i = 0; i < count; i++) {
            float[] logits = last(all, prompt.size() + i);
            int best = 0;
            for (int id = 1; id < logits.length; id++) {
                best = logits[id] > logits[best] ? id : best;
            }
            response[i] = best;
            all[prompt.size() + i] = best;
        }
        return response;
    }

    /** The logits after the first tokens of a text. */
    float[] last(int[] text, int count) throws OrtException {
        Map<String, OnnxTensor> feeds = new HashMap<>();
        try {
            for (Map.Entry<String, NodeInfo> input : session.getInputInfo().entrySet()) {
                feeds.put(input.getKey(), feed(input.getKey(), input.getValue(), text, count));
            }
            String first = session.getOutputNames().iterator().next();
            try (OrtSession.Result result = session.run(feeds, Set.of(first))) {
                FloatBuffer values = ((OnnxTensor) result.get(0)).getFloatBuffer();
                float[] last = new float[values.remaining() / count];
                values.position((count - 1) * last.length).get(last);
                return last;
            }
        } finally {
            feeds.values().forEach(OnnxTensor::close);
        }
    }

    private OnnxTensor feed(String name, NodeInfo node, int[] text, int count) throws OrtException {
        TensorInfo info = (TensorInfo) node.getInfo();
        long[] shape = info.getShape();
        if (name.startsWith("past")) {
            boolean both = shape.length == 5;
            long[] empty =
                    both
                            ? new long[] {2, 1, shape[2], 0, shape[4]}
                            : new long[] {1, shape[1], 0, shape[3]};
            return OnnxTensor.createTensor(environment, FloatBuffer.allocate(0), empty);
        }
        long[] values = new long[count];
        for (int i = 0; i < count; i++) {
            values[i] =
                    switch (name) {
                        case "attention_mask" -> 1;
                        case "position_ids" -> i;
                        default -> text[i];
                    };
        }
        long[] all = {1, count};
        if (info.type == OnnxJavaType.INT32) {
            int[] ints = new int[count];
            for (int i = 0; i < count; i++) {
                ints[i] = (int) values[i];
            }
            return OnnxTensor.createTensor(environment, IntBuffer.wrap(ints), all);
        }
        return OnnxTensor.createTensor(environment, LongBuffer.wrap(values), all);
    }

    @Override
    public void close() throws OrtException {
        session.close();
    }
}
