package org.headlight.app.cli.bench;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;

import com.google.gson.JsonObject;

import org.headlight.engine.model.Model;
import org.headlight.engine.model.ModelOptions;
import org.headlight.engine.model.OnnxModels;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;

import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What capturing costs: the run that captures every site against a plain run of the same file that
 * fetches its first output, both warm, taken in turns.
 */
public final class OverheadRun {
    private static final int ROUNDS = 15;
    private static final int WARM_UP = 15;

    /** Measures a model over so many tokens: seconds of both runs, and their ratio. */
    public JsonObject run(Path folder, List<Token> tokens) {
        ModelOptions options = ModelOptions.defaults();
        try (Model model = OnnxModels.open(folder, options, Progress.NONE);
                OrtSession.SessionOptions plain = new OrtSession.SessionOptions()) {
            plain.setIntraOpNumThreads(options.threads());
            plain.addConfigEntry("session.intra_op.allow_spinning", "0");
            OrtEnvironment environment = OrtEnvironment.getEnvironment();
            try (OrtSession session =
                    environment.createSession(model.info().file().toString(), plain)) {
                List<Double> with = new ArrayList<>();
                List<Double> without = new ArrayList<>();
                for (int round = 0; round < WARM_UP + ROUNDS; round++) {
                    double plainSeconds = plain(environment, session, tokens);
                    double captureSeconds = captured(model, tokens);
                    if (round >= WARM_UP) {
                        without.add(plainSeconds);
                        with.add(captureSeconds);
                    }
                }
                Collections.sort(with);
                Collections.sort(without);
                JsonObject json = new JsonObject();
                json.addProperty("tokens", tokens.size());
                json.addProperty("withSeconds", with.get(ROUNDS / 2));
                json.addProperty("withoutSeconds", without.get(ROUNDS / 2));
                json.addProperty("ratio", with.get(ROUNDS / 2) / without.get(ROUNDS / 2));
                return json;
            }
        } catch (OrtException e) {
            throw new BadInputException(
                    folder + " cannot be run by ONNX Runtime (" + e.getMessage() + ").", e);
        }
    }

    private static double captured(Model model, List<Token> tokens) {
        long start = System.nanoTime();
        model.capture(tokens, Progress.NONE).close();
        return (System.nanoTime() - start) / 1e9;
    }

    private static double plain(OrtEnvironment environment, OrtSession session, List<Token> tokens)
            throws OrtException {
        Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
        try {
            for (Map.Entry<String, NodeInfo> input : session.getInputInfo().entrySet()) {
                TensorInfo info = (TensorInfo) input.getValue().getInfo();
                inputs.put(input.getKey(), input(environment, input.getKey(), info, tokens));
            }
            Set<String> first = Set.of(session.getOutputNames().iterator().next());
            long start = System.nanoTime();
            session.run(inputs, first).close();
            return (System.nanoTime() - start) / 1e9;
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    private static OnnxTensor input(
            OrtEnvironment environment, String name, TensorInfo info, List<Token> tokens)
            throws OrtException {
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
}
