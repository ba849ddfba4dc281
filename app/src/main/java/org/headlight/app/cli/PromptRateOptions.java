package org.headlight.app.cli;

import org.headlight.analysis.sinks.PromptRate;
import org.headlight.analysis.sinks.PromptSettings;
import org.headlight.analysis.sinks.PromptSurvey;
import org.headlight.analysis.sinks.PromptTexts;
import org.headlight.assets.Assets;
import org.headlight.engine.model.Model;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;
import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.nio.file.Path;
import java.util.Optional;

/** The sink rate over many prompts. */
final class PromptRateOptions {
    private static final String HAYSTACK = "haystack";

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec spec;

    @Option(
            names = "--prompts",
            paramLabel = "FILE",
            description =
                    "Measures the sink rate over many prompts: one a line, or JSON lines with a"
                            + " text (*.jsonl); haystack: pieces of the book that is built in.")
    private @Nullable Path file;

    @Option(
            names = "--length",
            paramLabel = "N",
            defaultValue = "64",
            description = "Tokens to which every prompt is cut (default: 64).")
    private int length = PromptRate.LENGTH;

    @Option(
            names = "--pieces",
            description =
                    "Cuts texts into as many prompts as they have room for; a file that is not"
                            + " *.jsonl is one running text then.")
    private boolean pieces;

    @Option(
            names = "--most",
            paramLabel = "N",
            description =
                    "How many prompts are run, at most (default: 100 for pieces, otherwise all).")
    private @Nullable Integer most;

    boolean present() {
        return file != null;
    }

    /** Refuses what cannot be, before anything runs. */
    void check() {
        Usage usage = Usage.of(spec);
        usage.belong(present(), "--prompts", "--length", "--pieces", "--most");
        usage.made(this::settings);
    }

    private PromptSettings settings() {
        boolean cut = pieces || builtIn();
        int all = cut ? PromptSettings.PROMPTS : Integer.MAX_VALUE;
        return new PromptSettings(length, cut, most == null ? all : most);
    }

    private boolean builtIn() {
        return file != null && file.toString().equals(HAYSTACK);
    }

    /** Runs every prompt; nothing without a file. */
    Optional<PromptRate> run(Model model, double epsilon, SweepOptions sweep, Progress progress) {
        Path from = file;
        if (from == null) {
            return Optional.empty();
        }
        String content = builtIn() ? new Assets().haystack().text() : GivenInput.read(from);
        PromptSettings settings = settings();
        PromptRate rate = new PromptRate(settings.length(), epsilon);
        new PromptSurvey(model, sweep)
                .run(
                        PromptTexts.of(from.toString(), content, settings.pieces()),
                        settings,
                        rate,
                        progress);
        return Optional.of(rate);
    }
}
