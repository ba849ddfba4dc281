package org.headlight.app.cli.bench;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;

import org.headlight.engine.token.Token;

import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A model as the runtime runs it without us: one session, its first output. */
final class PlainRun implements AutoCloseable {
    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;

    PlainRun(Path file, int threads) throws OrtException {
        try (OrtSession.SessionOptions plain = new OrtSession.SessionOptions()) {
            plain.setIntraOpNumThreads(threads);
            plain.addConfigEntry("session.intra_op.allow_spinning", "0");
            session = environment.createSession(file.toString(), plain);
        }
    }

    /** Runs over tokens with an empty past; the seconds of the run alone. */
    double seconds(List<Token> tokens) throws OrtException {
        Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
        try {
            for (Map.Entry<String, NodeInfo> input : session.getInputInfo().entrySet()) {
                TensorInfo info = (TensorInfo) input.getValue().getInfo();
                inputs.put(input.getKey(), input(input.getKey(), info, tokens));
            }
            Set<String> first = Set.of(session.getOutputNames().iterator().next());
            long start = System.nanoTime();
            session.run(inputs, first).close();
            return (System.nanoTime() - start) / 1e9;
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    private OnnxTensor input(String name, TensorInfo info, List<Token> tokens) throws OrtException {
        long[] shape = info.getShape();
        int n = tokens.size();
        if (name.startsWith("past_key_values")) {
            long[] empty = {1, shape[1], 0, shape[3]};
            return OnnxTensor.createTensor(environment, FloatBuffer.allocate(0), empty);
        }
        long[] values = new long[n];
        for (int i = 0; i < n; i++) {
            values[i] =
                    switch (name) {
                        case "attention_mask" -> 1;
                        case "token_type_ids" -> 0;
                        case "position_ids" -> i;
                        default -> tokens.get(i).id();
                    };
        }
        return OnnxTensor.createTensor(environment, LongBuffer.wrap(values), new long[] {1, n});
    }

    @Override
    public void close() throws OrtException {
        session.close();
    }
}
