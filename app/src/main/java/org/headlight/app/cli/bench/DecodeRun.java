package org.headlight.app.cli.bench;

import ai.onnxruntime.OrtException;

import com.google.gson.JsonObject;

import org.headlight.engine.generate.Generation;
import org.headlight.engine.generate.GenerationListener;
import org.headlight.engine.generate.GenerationOptions;
import org.headlight.engine.generate.Sampling;
import org.headlight.engine.model.Model;
import org.headlight.engine.model.ModelOptions;
import org.headlight.engine.model.OnnxModels;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a step of a response costs after so many tokens: with its attention captured, and by ONNX
 * Runtime alone.
 */
public final class DecodeRun {
    private static final int STEPS = 200;
    private static final int WARM_UP = 100;

    /** Measures the embedded model. */
    public JsonObject run(Path folder, List<Token> prompt) {
        ModelOptions options = ModelOptions.defaults();
        JsonObject json = new JsonObject();
        json.addProperty("tokens", prompt.size());
        try (Model model = OnnxModels.open(folder, options, Progress.NONE)) {
            List<Long> times = new ArrayList<>();
            List<Long> busy = new ArrayList<>();
            GenerationOptions asked = new GenerationOptions(STEPS, Sampling.greedy(), true);
            GenerationListener watch =
                    token -> {
                        times.add(System.nanoTime());
                        busy.add(ProcessTime.nanos());
                    };
            try (Generation done = model.generate(prompt, asked, watch, Progress.NONE)) {
                json.addProperty("promptSeconds", done.promptSeconds());
                json.addProperty("rssBytes", ProcessMemory.resident());
                json.addProperty("captureBytes", done.capture().bytes());
            }
            List<Double> seconds = new ArrayList<>();
            for (int i = 1; i < times.size(); i++) {
                seconds.add((times.get(i) - times.get(i - 1)) / 1e9);
            }
            json.addProperty("stepMillis", 1e3 * median(seconds));
            long warm = busy.getLast() - busy.get(WARM_UP);
            json.addProperty("stepCpuMillis", warm / 1e6 / (STEPS - 1 - WARM_UP));
            try (PlainDecode plain = new PlainDecode(model.info().file(), options.threads())) {
                int[] ids = prompt.stream().mapToInt(Token::id).toArray();
                plain.read(ids);
                plain.steps(ids[0], WARM_UP);
                long before = ProcessTime.nanos();
                List<Double> steps = plain.steps(ids[0], STEPS - WARM_UP);
                long spent = ProcessTime.nanos() - before;
                json.addProperty("plainMillis", 1e3 * median(steps));
                json.addProperty("plainCpuMillis", spent / 1e6 / steps.size());
            }
        } catch (OrtException e) {
            throw new BadInputException(
                    folder + " cannot be run by ONNX Runtime (" + e.getMessage() + ").", e);
        }
        return json;
    }

    private static double median(List<Double> seconds) {
        List<Double> sorted =
                seconds.subList(seconds.size() / 2, seconds.size()).stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }
}
