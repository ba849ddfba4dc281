package org.headlight.app.cli.bench;

import ai.onnxruntime.OrtException;

import com.google.gson.JsonObject;

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
                PlainRun session = new PlainRun(model.info().file(), options.threads())) {
            List<Double> with = new ArrayList<>();
            List<Double> without = new ArrayList<>();
            for (int round = 0; round < WARM_UP + ROUNDS; round++) {
                double plainSeconds = session.seconds(tokens);
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
}
