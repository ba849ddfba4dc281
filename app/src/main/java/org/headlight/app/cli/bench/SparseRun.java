package org.headlight.app.cli.bench;

import ai.onnxruntime.OrtException;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;

import org.headlight.analysis.sparse.Policy;
import org.headlight.analysis.sparse.Settings;
import org.headlight.analysis.sparse.prefill.PrefillPolicies;
import org.headlight.analysis.sparse.run.Assignment;
import org.headlight.analysis.sparse.run.DenseRun;
import org.headlight.analysis.sparse.run.PolicyChoice;
import org.headlight.analysis.sparse.run.SparseOptions;
import org.headlight.analysis.sparse.run.SparseResult;
import org.headlight.analysis.sparse.run.SparseStudy;
import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.attend.HeadArray;
import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.model.Model;
import org.headlight.engine.model.ModelInfo;
import org.headlight.engine.model.ModelOptions;
import org.headlight.engine.model.OnnxModels;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

/**
 * A prefill from end to end, by sparse policies, by our dense attention, and by ONNX Runtime
 * running the whole graph; and the runtime's fastest attention alone over heads of the same shape.
 * In turns in one process, everything warm; medians.
 */
public final class SparseRun {
    private static final int WARM_TOKENS = 2_048;

    /** The whole graph may hold N x N a head; above so many bytes it is not run. */
    private static final double MOST_BYTES = 6e9;

    private static final int THREADS = Runtime.getRuntime().availableProcessors();

    /**
     * Measures.
     *
     * @param source a model; the random Llama where there is none
     */
    public JsonObject run(@Nullable Path source, int tokens) {
        try {
            if (source != null) {
                return measure(source, tokens, false);
            }
            Path folder = Files.createTempDirectory("headlight-llama");
            try {
                return measure(RandomLlama.write(folder), tokens, true);
            } finally {
                MadeModels.delete(folder);
            }
        } catch (IOException e) {
            throw new BadInputException(
                    "The folder for temporary files cannot be written: " + e.getMessage(), e);
        } catch (OrtException e) {
            throw new BadInputException(
                    "ONNX Runtime cannot run the model here (" + e.getMessage() + ").", e);
        }
    }

    private static JsonObject measure(Path source, int count, boolean flash) throws OrtException {
        JsonObject json = new JsonObject();
        json.addProperty("tokens", count);
        ModelOptions options = ModelOptions.defaults();
        try (Model model = OnnxModels.open(source, options, Progress.NONE)) {
            json.addProperty("model", flash ? "random Llama" : model.info().name());
            ModelInfo.Site site = model.info().sites().getFirst();
            double bytes = 4.0 * site.heads() * count * count;
            boolean whole = flash || 2 * bytes < MOST_BYTES;
            SparseStudy study = new SparseStudy(model, SweepOptions.standard(), Optional::empty);
            json.add("policies", policies(study, model, count, json));
            if (whole) {
                json.addProperty("runtimeMillis", runtime(model, count));
            }
            int layers = model.info().sites().size();
            json.addProperty("runtimeAttendMillis", layers * runtimeAttention(site, count));
        }
        json.addProperty("peakBytes", ProcessMemory.peak());
        return json;
    }

    /** What is compared, for texts of so many tokens. */
    private static List<PolicyChoice> choices(int tokens) {
        List<PolicyChoice> all = new ArrayList<>();
        Policy antidiagonal = policy("xattention");
        for (String stride : List.of("8", "16")) {
            Settings settings =
                    Settings.standard(antidiagonal.info())
                            .parsed("stride", stride)
                            .parsed("block", "128");
            all.add(new PolicyChoice(antidiagonal, settings));
        }
        Policy band = policy("a-shape");
        all.add(
                new PolicyChoice(
                        band, band.preset(tokens).with("sink", 128).with("window", tokens / 20.0)));
        all.add(PolicyChoice.preset(policy("vertical-slash"), tokens));
        return all;
    }

    private static Policy policy(String name) {
        return PrefillPolicies.all().stream()
                .filter(policy -> policy.info().name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static JsonArray policies(SparseStudy study, Model model, int count, JsonObject json) {
        List<Token> warm = tokens(model, Math.min(count, WARM_TOKENS));
        List<PolicyChoice> choices = choices(count);
        round(study, warm, choices, new ArrayList<>());
        List<List<SparseResult>> rounds = new ArrayList<>();
        List<Token> text = tokens(model, count);
        for (int i = 0; i < (count > 8_000 ? 1 : 3); i++) {
            List<SparseResult> results = new ArrayList<>();
            round(study, text, choices, results);
            rounds.add(results);
        }
        json.addProperty(
                "denseAttendMillis",
                median(rounds.stream().map(r -> r.getFirst().times().denseAttend())));
        json.addProperty(
                "denseMillis", median(rounds.stream().map(r -> r.getFirst().times().dense())));
        JsonArray rows = new JsonArray();
        for (int i = 0; i < choices.size(); i++) {
            int at = i;
            JsonObject row = new JsonObject();
            row.addProperty("policy", choices.get(i).info().name());
            row.addProperty("settings", choices.get(i).settings().text());
            row.addProperty("density", rounds.getFirst().get(i).computed());
            row.addProperty(
                    "selectMillis", median(rounds.stream().map(r -> r.get(at).times().select())));
            row.addProperty(
                    "attendMillis", median(rounds.stream().map(r -> r.get(at).times().attend())));
            row.addProperty(
                    "totalMillis", median(rounds.stream().map(r -> r.get(at).times().total())));
            rows.add(row);
        }
        return rows;
    }

    private static void round(
            SparseStudy study,
            List<Token> text,
            List<PolicyChoice> choices,
            List<SparseResult> results) {
        study.dense(text, false, Progress.NONE).close();
        try (DenseRun dense = study.dense(text, false, Progress.NONE)) {
            for (PolicyChoice choice : choices) {
                results.add(
                        study.run(
                                dense,
                                text.size(),
                                Assignment.everywhere(choice),
                                SparseOptions.QUICK,
                                Progress.NONE));
            }
        }
    }

    /** The whole graph by the runtime, milliseconds. */
    private static double runtime(Model model, int count) throws OrtException {
        try (PlainRun plain = new PlainRun(model.info().file(), THREADS)) {
            plain.seconds(tokens(model, Math.min(count, WARM_TOKENS)));
            List<Double> seconds = new ArrayList<>();
            for (int i = 0; i < (count > 8_000 ? 1 : 3); i++) {
                seconds.add(1e3 * plain.seconds(tokens(model, count)));
            }
            return median(seconds.stream());
        }
    }

    /** The runtime's GroupQueryAttention over one layer's heads, milliseconds. */
    private static double runtimeAttention(ModelInfo.Site site, int count) throws OrtException {
        int size = site.heads() * count * site.headDim();
        HeadArray[] arrays = new HeadArray[3];
        for (int i = 0; i < arrays.length; i++) {
            Random random = new Random(i);
            float[] values = new float[size];
            for (int j = 0; j < size; j++) {
                values[j] = (float) random.nextGaussian();
            }
            arrays[i] = HeadArray.headsFirst(values, site.heads(), count, site.headDim());
        }
        float scale = (float) (1 / Math.sqrt(site.headDim()));
        AttentionInput input =
                AttentionInput.of(arrays[0], arrays[1], arrays[2], scale, AttentionMask.causal(0));
        try (RuntimeAttention rival = new RuntimeAttention(input, THREADS)) {
            List<Double> millis = new ArrayList<>();
            for (int i = 0; i < (count > 8_000 ? 2 : 5); i++) {
                long start = System.nanoTime();
                rival.run();
                millis.add((System.nanoTime() - start) / 1e6);
            }
            return millis.stream().min(Double::compare).orElseThrow();
        }
    }

    private static List<Token> tokens(Model model, int count) {
        Random random = new Random(2_026);
        int words = Math.clamp(model.info().vocabulary(), 8, RandomLlama.VOCABULARY);
        List<Token> tokens = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            tokens.add(new Token(i, i == 0 ? 1 : 4 + random.nextInt(words - 4), "", false));
        }
        return tokens;
    }

    private static double median(Stream<Double> values) {
        double[] sorted = values.mapToDouble(v -> v).sorted().toArray();
        return sorted[sorted.length / 2];
    }
}
