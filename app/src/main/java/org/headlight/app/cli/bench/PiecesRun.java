package org.headlight.app.cli.bench;

import ai.onnxruntime.OrtException;

import com.google.gson.JsonObject;

import org.headlight.engine.cut.SeamHooks;
import org.headlight.engine.model.CutOutcome;
import org.headlight.engine.model.Model;
import org.headlight.engine.model.ModelOptions;
import org.headlight.engine.model.OnnxModels;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What a model costs in pieces, with our own attention between them, against ONNX Runtime running
 * the same file in one piece; both warm, taken in turns, first output fetched. Longer texts, which
 * do not fit in one piece, are captured in pieces once.
 */
public final class PiecesRun {
    private static final ProcessClock CLOCK = new ProcessClock();
    private static final int ROUNDS = 11;
    private static final double WARM_SECONDS = 8;
    private static final double SECONDS = 4;

    /** Longer texts would take gigabytes in one piece. */
    private static final int LONGEST_WHOLE = 4_096;

    /** What a piece of work took. */
    private record Took(double seconds, double cpuSeconds) {}

    /** Work that may fail in the runtime. */
    private interface Work {
        void run() throws OrtException;
    }

    /** Measures a model. */
    public JsonObject run(Path source, List<Token> tokens) {
        ModelOptions options = ModelOptions.defaults();
        JsonObject json = new JsonObject();
        json.addProperty("tokens", tokens.size());
        options.kernels().startWarmUp();
        try (Model model = OnnxModels.open(source, options, Progress.NONE)) {
            if (tokens.size() <= LONGEST_WHOLE) {
                compare(model, options, tokens, json);
            } else {
                Took took = took(() -> model.capture(tokens, Progress.NONE).close());
                json.addProperty("captureSeconds", took.seconds);
                json.addProperty("captureCpuSeconds", took.cpuSeconds);
            }
        } catch (OrtException e) {
            throw new BadInputException(
                    source + " cannot be run by ONNX Runtime (" + e.getMessage() + ").", e);
        }
        json.addProperty("peakBytes", ProcessMemory.peak());
        return json;
    }

    private static void compare(
            Model model, ModelOptions options, List<Token> tokens, JsonObject json)
            throws OrtException {
        List<Took> cut = new ArrayList<>();
        List<Took> whole = new ArrayList<>();
        try (PlainRun plain = new PlainRun(model.info().file(), options.threads())) {
            long end = System.nanoTime() + (long) (WARM_SECONDS * 1e9);
            while (System.nanoTime() < end || !options.kernels().warm()) {
                pieces(model, tokens);
                plain.seconds(tokens);
            }
            end = System.nanoTime() + (long) (SECONDS * 1e9);
            while (cut.size() < ROUNDS || System.nanoTime() < end) {
                cut.add(took(() -> pieces(model, tokens)));
                whole.add(took(() -> plain.seconds(tokens)));
            }
        }
        double cutSeconds = median(cut.stream().map(Took::seconds).toList());
        double wholeSeconds = median(whole.stream().map(Took::seconds).toList());
        double cutCpu = median(cut.stream().map(Took::cpuSeconds).toList());
        double wholeCpu = median(whole.stream().map(Took::cpuSeconds).toList());
        json.addProperty("cutMillis", 1e3 * cutSeconds);
        json.addProperty("wholeMillis", 1e3 * wholeSeconds);
        json.addProperty("ratio", cutSeconds / wholeSeconds);
        json.addProperty("cutCpuMillis", 1e3 * cutCpu);
        json.addProperty("wholeCpuMillis", 1e3 * wholeCpu);
        json.addProperty("cpuRatio", cutCpu / wholeCpu);
    }

    private static void pieces(Model model, List<Token> tokens) {
        model.run(tokens, SeamHooks.NONE, CutOutcome.Wanted.LOGITS, Progress.NONE);
    }

    private static Took took(Work work) throws OrtException {
        long cpu = CLOCK.nanoseconds();
        long start = System.nanoTime();
        work.run();
        double seconds = (System.nanoTime() - start) / 1e9;
        return new Took(seconds, (CLOCK.nanoseconds() - cpu) / 1e9);
    }

    private static double median(List<Double> values) {
        List<Double> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        return sorted.get(sorted.size() / 2);
    }
}
