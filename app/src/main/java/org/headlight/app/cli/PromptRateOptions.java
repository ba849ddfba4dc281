package org.headlight.app.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;

import org.headlight.analysis.sinks.PromptRate;
import org.headlight.analysis.sinks.SinkSurvey;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.model.Model;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;
import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The sink rate over many prompts. */
final class PromptRateOptions {
    @Option(
            names = "--prompts",
            paramLabel = "FILE",
            description =
                    "Measures the sink rate over many prompts: one a line, or JSON lines with a"
                            + " text (*.jsonl).")
    private @Nullable Path file;

    @Option(
            names = "--length",
            paramLabel = "N",
            defaultValue = "64",
            description = "Tokens to which every prompt is cut (default: 64).")
    private int length = PromptRate.LENGTH;

    boolean present() {
        return file != null;
    }

    /** Refuses what cannot be, before anything runs. */
    void check(double epsilon) {
        new PromptRate(length, epsilon);
    }

    /** Runs every prompt; nothing without a file. */
    Optional<PromptRate> run(Model model, double epsilon, SweepOptions sweep, Progress progress) {
        Path from = file;
        if (from == null) {
            return Optional.empty();
        }
        List<String> lines = GivenInput.read(from).lines().filter(line -> !line.isBlank()).toList();
        if (lines.isEmpty()) {
            throw new BadInputException(from + " has no prompts; expected one a line.");
        }
        boolean json = from.toString().toLowerCase(Locale.ROOT).endsWith(".jsonl");
        PromptRate rate = new PromptRate(length, epsilon);
        double count = lines.size();
        for (int i = 0; i < lines.size(); i++) {
            Progress part = progress.part(i / count, (i + 1) / count);
            part.check();
            String text = json ? text(lines.get(i), from, i + 1) : lines.get(i);
            List<Token> tokens = text.isEmpty() ? List.of() : GivenInput.tokens(model, text);
            if (tokens.size() < length) {
                rate.skip();
                continue;
            }
            try (Capture capture = model.capture(tokens.subList(0, length), Progress.NONE)) {
                rate.add(SinkSurvey.of(capture, sweep, Progress.NONE));
            }
            part.at(1, "Prompt " + (i + 1) + " of " + lines.size());
        }
        rate.rate();
        return Optional.of(rate);
    }

    private static String text(String line, Path file, int number) {
        try {
            JsonElement element = JsonParser.parseString(line);
            if (element.isJsonObject()) {
                JsonElement text = element.getAsJsonObject().get("text");
                if (text != null && text.isJsonPrimitive()) {
                    return text.getAsString();
                }
            }
        } catch (JsonParseException e) {
            throw notOne(file, number, e);
        }
        throw notOne(file, number, null);
    }

    private static BadInputException notOne(
            Path file, int number, @Nullable JsonParseException cause) {
        String sentence =
                file
                        + ", line "
                        + number
                        + " is no JSON object with a \"text\"; expected one such as {\"text\": \"It"
                        + " was\"}.";
        return cause == null
                ? new BadInputException(sentence)
                : new BadInputException(sentence, cause);
    }
}
