package org.headlight.app.cli.bench;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;

import org.jspecify.annotations.Nullable;

import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Decoding by ONNX Runtime alone, through the cache of the embedded model: nothing is captured. */
final class PlainDecode implements AutoCloseable {
    private static final int CHUNK = 256;

    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;
    private OrtSession.@Nullable Result before;
    private int past;

    PlainDecode(Path file, int threads) throws OrtException {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(threads);
            options.addConfigEntry("session.intra_op.allow_spinning", "0");
            session = environment.createSession(file.toString(), options);
        }
    }

    /** Reads a text in chunks. */
    void read(int[] ids) throws OrtException {
        for (int from = 0; from < ids.length; from += CHUNK) {
            run(Arrays.copyOfRange(ids, from, Math.min(ids.length, from + CHUNK)));
        }
    }

    /** Seconds of each of so many steps, greedy. */
    List<Double> steps(int id, int count) throws OrtException {
        List<Double> seconds = new ArrayList<>();
        int next = id;
        for (int i = 0; i < count; i++) {
            long start = System.nanoTime();
            next = best(run(new int[] {next}));
            seconds.add((System.nanoTime() - start) / 1e9);
        }
        return seconds;
    }

    private static int best(OrtSession.Result result) {
        FloatBuffer logits = ((OnnxTensor) result.get("logits").orElseThrow()).getFloatBuffer();
        int best = 0;
        for (int i = 1; i < logits.limit(); i++) {
            best = logits.get(i) > logits.get(best) ? i : best;
        }
        return best;
    }

    private OrtSession.Result run(int[] ids) throws OrtException {
        Map<String, OnnxTensor> feeds = new HashMap<>();
        List<OnnxTensor> own = new ArrayList<>();
        try {
            for (Map.Entry<String, NodeInfo> input : session.getInputInfo().entrySet()) {
                String name = input.getKey();
                OrtSession.Result last = before;
                if (name.startsWith("past") && last != null) {
                    String present = name.replace("past_key_values", "present");
                    feeds.put(name, (OnnxTensor) last.get(present).orElseThrow());
                } else {
                    OnnxTensor made = feed(name, (TensorInfo) input.getValue().getInfo(), ids);
                    own.add(made);
                    feeds.put(name, made);
                }
            }
            OrtSession.Result now = session.run(feeds);
            if (before != null) {
                before.close();
            }
            before = now;
            past += ids.length;
            return now;
        } finally {
            own.forEach(OnnxTensor::close);
        }
    }

    private OnnxTensor feed(String name, TensorInfo info, int[] ids) throws OrtException {
        if (name.startsWith("past")) {
            long[] empty = {1, info.getShape()[1], 0, info.getShape()[3]};
            return OnnxTensor.createTensor(environment, FloatBuffer.allocate(0), empty);
        }
        boolean mask = name.equals("attention_mask");
        long[] values = new long[mask ? past + ids.length : ids.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = mask ? 1 : name.equals("position_ids") ? past + i : ids[i];
        }
        return OnnxTensor.createTensor(
                environment, LongBuffer.wrap(values), new long[] {1, values.length});
    }

    @Override
    public void close() throws OrtException {
        if (before != null) {
            before.close();
        }
        session.close();
    }
}
